# Reference values for the indices of careless answers.
# Run: Rscript careless.R > careless_R.json   (needs careless 1.2.2, psych, jsonlite)
# Respondents stand in rows, statements in columns: six pages of four statements.
# Tests read only the output kept beside this file.
suppressPackageStartupMessages({
  library(careless)
  library(jsonlite)
})

set.seed(20260301)
n <- 150
pages <- rep(4, 6)
k <- sum(pages)
page <- rep(seq_along(pages), pages)
liking <- matrix(rnorm(n * length(pages)), n)
latent <- 3 + liking[, page] + matrix(rnorm(n * k, sd = .7), n)
complete <- pmin(pmax(round(latent), 1), 5)
complete[1, ] <- 3
complete[2, ] <- rep(1:5, length.out = k)
complete[3, 1:15] <- 4
colnames(complete) <- sprintf("T%02d", seq_len(k))
gaps <- complete
gaps[matrix(runif(n * k), n) < .1] <- NA

person_total <- function(x) {
  sapply(seq_len(nrow(x)), function(i) {
    suppressWarnings(cor(x[i, ], colMeans(x[-i, ], na.rm = TRUE), use = "complete.obs"))
  })
}

# stats::mahalanobis over what each respondent rated, with pairwise covariances.
distance <- function(x) {
  centre <- colMeans(x, na.rm = TRUE)
  covariance <- cov(x, use = "pairwise.complete.obs")
  sapply(seq_len(nrow(x)), function(i) {
    o <- !is.na(x[i, ])
    mahalanobis(x[i, o], centre[o], covariance[o, o])
  })
}

synonyms <- function(x) {
  found <- suppressWarnings(psychsyn(x, critval = .6, diag = TRUE, resample_na = FALSE))
  list(pairs = found$numPairs, r = found$cor)
}

indices <- function(x) {
  list(
    data = x,
    irv = irv(x),
    even_odd = -suppressWarnings(evenodd(as.data.frame(x), pages)),
    person_total = person_total(x),
    synonyms = synonyms(x),
    mahalanobis = distance(x)
  )
}

careless_mahad <- mahad(complete, plot = FALSE)
writeLines(toJSON(
  list(
    versions = list(
      R = as.character(getRversion()), careless = as.character(packageVersion("careless"))
    ),
    pages = pages,
    longest_run = longstring(complete),
    longest_run_on_the_first_page = longstring(complete[, 1:4]),
    mahalanobis_of_careless = careless_mahad,
    complete = indices(complete),
    gaps = indices(gaps)
  ),
  digits = 12, auto_unbox = TRUE, na = "null", pretty = FALSE
))
