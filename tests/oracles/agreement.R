# Reference values for the agreement of a panel.
# Run: Rscript agreement.R > agreement_R.json   (needs irrCAC, multilevel, vegan, jsonlite)
# SMEs stand in rows, statements in columns. Tests read only the output kept beside this file.
suppressPackageStartupMessages({
  library(irrCAC)
  library(multilevel)
  library(vegan)
  library(jsonlite)
})

set.seed(20260301)
judged <- function(smes, statements, q, missing, noise = .7) {
  level <- runif(statements, 1, q)
  ratings <- round(outer(rnorm(smes, sd = .4), level, "+") + rnorm(smes * statements, sd = noise))
  ratings <- pmin(pmax(ratings, 1), q)
  ratings[runif(length(ratings)) < missing] <- NA
  ratings
}

coefficients <- function(ratings, categories, weights) {
  units <- as.data.frame(t(ratings))
  # coeff.val is rounded to five digits, pa and pe are not.
  value <- function(estimate) {
    found <- estimate(units, weights = weights, categ.labels = categories)$est
    (found$pa - found$pe) / (1 - found$pe)
  }
  list(
    "percent agreement" = value(pa.coeff.raw),
    AC = value(gwet.ac1.raw),
    Fleiss = value(fleiss.kappa.raw),
    "Brennan-Prediger" = value(bp.coeff.raw),
    Krippendorff = value(krippen.alpha.raw)
  )
}

chance_corrected <- function(ratings, categories) {
  weights <- c(
    identity = "unweighted", linear = "linear", quadratic = "quadratic", ordinal = "ordinal"
  )
  list(
    data = ratings,
    categories = categories,
    coefficients = lapply(weights, function(w) coefficients(ratings, categories, w))
  )
}

within_group <- function(ratings, points) {
  statement <- rep(seq_len(ncol(ratings)), each = nrow(ratings))
  answers <- as.vector(ratings)
  list(
    data = ratings,
    points = points,
    r_wg_not_below_zero = rwg(answers, statement, ranvar = (points^2 - 1) / 12)$rwg,
    AD_M = ad.m(answers, statement, type = "mean")$AD.M,
    AD_Md = ad.m(answers, statement, type = "median")$AD.M
  )
}

concordance <- function(ratings) {
  found <- kendall.global(t(ratings), nperm = 99999)$Concordance_analysis[, 1]
  list(data = ratings, w = found[["W"]], chi2 = found[["Chi2"]], permutation_p = found[["Prob.perm"]])
}

published <- t(as.matrix(cac.raw4raters))
dimnames(published) <- NULL

counts <- data.frame(n = 1:40)
counts$critical <- sapply(counts$n, function(n) {
  k <- qbinom(.05, n, .5, lower.tail = FALSE) + 1
  if (k > n) NA else k
})

cat(toJSON(list(
  "published data of irrCAC" = chance_corrected(published, 1:5),
  "panel without gaps" = chance_corrected(judged(6, 15, 4, 0), 1:4),
  "panel with gaps" = chance_corrected(judged(9, 20, 4, .3), 1:4),
  within_group = within_group(judged(8, 12, 5, .1), 5),
  few_statements = concordance(judged(4, 5, 5, 0, noise = 2)),
  many_statements = concordance(judged(5, 14, 5, 0, noise = 2)),
  critical_counts = counts
), auto_unbox = TRUE, digits = 12, na = "null"))
