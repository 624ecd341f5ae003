# Reference values for comparisons of groups and of paired ratings.
# Run: Rscript comparisons.R > comparisons_R.json   (needs psych, jsonlite)
# Respondents stand in rows, statements in columns. Tests read only the output kept beside this file.
# t.test, wilcox.test, power.t.test, p.adjust, cor and psych::ICC are R's own; Hedges' g (Hedges
# 1981), Cliff's delta (Cliff 1993, all pairs) and the search for noncentralities are written out.
suppressPackageStartupMessages({
  library(psych)
  library(jsonlite)
})

drawn <- function(respondents, means) {
  ratings <- sapply(means, function(mean) pmin(pmax(round(rnorm(respondents, mean, 1.1)), 1), 5))
  ratings[runif(length(ratings)) < .08] <- NA
  ratings
}

set.seed(20260302)
means_a <- c(2.2, 3.1, 3.9, 2.8, 4.1, 3.3, 1.8, 3.6, 2.5, 4.4, 3.0, 2.1)
shift <- c(0, .6, -.4, .9, 0, .2, -.8, 0, .5, -.3, .1, 1.2)
a <- drawn(24, means_a)
b <- drawn(61, means_a + shift)
before <- drawn(33, means_a)
after <- before + matrix(sample(-1:2, length(before), TRUE, c(.2, .4, .3, .1)), nrow(before))
after <- pmin(pmax(after, 1), 5)
after[runif(length(after)) < .06] <- NA

limits <- function(t, df, share) {
  uniroot(function(ncp) pt(t, df, ncp) - share, c(-12, 12) + t, tol = 1e-12)$root
}

noncentral_power <- function(ncp, df) {
  critical <- qt(.975, df)
  1 - pt(critical, df, ncp) + pt(-critical, df, ncp)
}

detectable <- function(n_a, n_b) {
  df <- n_a + n_b - 2
  ncp <- uniroot(function(ncp) noncentral_power(ncp, df) - .8, c(.1, 30), tol = 1e-12)$root
  ncp * sqrt(1 / n_a + 1 / n_b)
}

two <- function(x, y) {
  x <- x[!is.na(x)]
  y <- y[!is.na(y)]
  n_a <- length(x)
  n_b <- length(y)
  df <- n_a + n_b - 2
  pooled <- sqrt(((n_a - 1) * var(x) + (n_b - 1) * var(y)) / df)
  g <- (mean(x) - mean(y)) / pooled * (1 - 3 / (4 * df - 1))
  reach <- qnorm(.975) * sqrt(1 / n_a + 1 / n_b + g^2 / (2 * (n_a + n_b)))
  row <- function(found) {
    c(
      statistic = unname(found$statistic), df = unname(found$parameter), p = found$p.value,
      ci_low = found$conf.int[1], ci_high = found$conf.int[2]
    )
  }
  ranks <- wilcox.test(x, y, exact = FALSE)
  list(
    n_a = n_a, n_b = n_b, mean_a = mean(x), mean_b = mean(y), sd_a = sd(x), sd_b = sd(y),
    welch = as.list(row(t.test(x, y))), student = as.list(row(t.test(x, y, var.equal = TRUE))),
    mann_whitney = list(statistic = unname(ranks$statistic), p = ranks$p.value),
    hedges_g = g, g_low = g - reach, g_high = g + reach,
    cliffs_delta = mean(sign(outer(x, y, "-"))), detectable_g = detectable(n_a, n_b)
  )
}

pairs <- function(x, y) {
  both <- !is.na(x) & !is.na(y)
  x <- x[both]
  y <- y[both]
  found <- t.test(x, y, paired = TRUE)
  ranks <- wilcox.test(x, y, paired = TRUE, exact = FALSE)
  t <- unname(found$statistic)
  df <- unname(found$parameter)
  list(
    n = length(x), mean_a = mean(x), mean_b = mean(y), difference = mean(x - y),
    sd_difference = sd(x - y), ci_low = found$conf.int[1], ci_high = found$conf.int[2],
    paired_t = list(statistic = t, df = df, p = found$p.value),
    wilcoxon = list(statistic = unname(ranks$statistic), p = ranks$p.value),
    d_z = t / sqrt(length(x)),
    d_low = limits(t, df, .975) / sqrt(length(x)), d_high = limits(t, df, .025) / sqrt(length(x))
  )
}

columns <- seq_along(means_a)
groups <- lapply(columns, function(column) two(a[, column], b[, column]))
paired <- lapply(columns, function(column) pairs(after[, column], before[, column]))
p <- sapply(groups, function(found) found$welch$p)
profiles <- cbind(colMeans(a, na.rm = TRUE), colMeans(b, na.rm = TRUE))
absolute <- ICC(profiles, lmer = FALSE)$results

cat(toJSON(
  list(
    versions = list(R = as.character(getRversion()), psych = as.character(packageVersion("psych"))),
    a = a, b = b, before = before, after = after, groups = groups, paired = paired,
    p = p, bh = p.adjust(p, "BH"), holm = p.adjust(p, "holm"),
    profiles = list(
      pearson = cor(profiles)[1, 2], spearman = cor(profiles, method = "spearman")[1, 2],
      icc_a1 = absolute$ICC[absolute$type == "ICC2"]
    ),
    detectable = lapply(c(20, 30, 50, 100), function(n) {
      list(n = n, g = power.t.test(n, power = .8, strict = TRUE, tol = 1e-12)$delta)
    })
  ),
  digits = NA, na = "null", auto_unbox = TRUE, pretty = FALSE
), "\n")
