# Reference values for the Rasch rating scale model.
# Run: Rscript rasch.R > rasch.json   (needs eRm, VGAM, jsonlite)
# Respondents stand in rows, tasks in columns. Tests read only the output kept beside this file.
#
# Joint maximum likelihood: the adjacent-category logit model of VGAM with a parameter for every
# respondent and every task, and slopes that are the same for all categories (vglm, acat).
# Conditional maximum likelihood: eRm's RSM, complete data only here; it has no bias of the measures.
suppressPackageStartupMessages({
  library(VGAM)
  library(eRm)
  library(jsonlite)
})

simulated <- function(respondents, tasks, points) {
  severity <- rnorm(respondents, sd = .8)
  measure <- seq(-1, 1, length.out = tasks)
  thresholds <- c(0, cumsum(seq(-1, 1, length.out = points - 1)))
  draw <- function(logit) {
    p <- exp((seq_len(points) - 1) * logit - thresholds)
    sample(seq_len(points), 1, prob = p)
  }
  matrix(sapply(outer(severity, measure, "+"), draw), respondents)
}

informative <- function(ratings) {
  ends <- function(row) all(row == 1, na.rm = TRUE) || all(row == 4, na.rm = TRUE)
  ratings[!apply(ratings, 1, ends), ]
}

joint <- function(ratings) {
  long <- data.frame(
    rating = ordered(as.vector(ratings)),
    respondent = factor(rep(seq_len(nrow(ratings)), ncol(ratings))),
    task = factor(rep(seq_len(ncol(ratings)), each = nrow(ratings)))
  )
  long <- long[!is.na(long$rating), ]
  fitted <- vglm(rating ~ respondent + task, acat(parallel = TRUE), data = long,
    control = vglm.control(epsilon = 1e-12, maxit = 100)
  )
  beta <- c(0, coef(fitted)[grep("^task", names(coef(fitted)))])
  intercepts <- coef(fitted)[grep("Intercept", names(coef(fitted)))]
  p <- predict(fitted, newdata = expand.grid(
    respondent = levels(long$respondent), task = levels(long$task)
  ), type = "response")
  expected <- tapply(as.vector(p %*% 1:4), rep(seq_along(beta), each = nlevels(long$respondent)), mean)
  list(
    measures = as.numeric(beta - mean(beta)),
    thresholds = as.numeric(mean(intercepts) - intercepts),
    expected = as.numeric(expected), log_likelihood = logLik(fitted)
  )
}

set.seed(20260301)
complete <- informative(simulated(80, 6, 4))
gaps <- complete
gaps[runif(length(gaps)) < .15] <- NA
gaps <- informative(gaps)
conditional <- RSM(complete - 1)
cat(toJSON(list(
  source = paste("Simulated; VGAM", packageVersion("VGAM"), "and eRm", packageVersion("eRm")),
  complete = c(list(ratings = complete), joint(complete)),
  gaps = c(list(ratings = gaps), joint(gaps)),
  conditional = as.numeric(thresholds(conditional)$threshtable[[1]][, "Location"])
), digits = 10, auto_unbox = TRUE, na = "null"))
