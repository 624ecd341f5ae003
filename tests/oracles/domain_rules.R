# Reference values for the errors of weights under other models and domain rules: R's survey package.
# Run: Rscript domain_rules.R > domain_rules.json   (needs survey, jsonlite)
# Respondents stand in rows; tasks 1-6 on two scales, then two domains rated directly. Replicate
# weights without one respondent (JK1); every weight is computed anew from the replicate's means.
suppressPackageStartupMessages({
  library(survey)
  library(jsonlite)
})

set.seed(20260302)
n <- 40
level <- outer(rnorm(n, sd = .5), 3 + c(-.8, -.3, 0, .2, .5, .9), "+")
draw <- function(mean) pmin(pmax(round(mean + matrix(rnorm(length(mean)), nrow(mean))), 1), 5)
ratings <- cbind(draw(level), draw(level[, c(2, 1, 4, 3, 6, 5)]), draw(level[, c(1, 6)]))
ratings[, 1:12][runif(n * 12) < .1] <- NA
groups <- c("A", "A", "A", "A", "B", "B")

replicates <- as.svrepdesign(svydesign(ids = ~1, weights = rep(1, n), data = data.frame(ratings)),
  type = "JK1", mse = FALSE
)
means <- function(w, data) apply(as.matrix(data), 2, weighted.mean, w = w, na.rm = TRUE)
jackknife <- function(shares) {
  found <- withReplicates(replicates, function(w, data) shares(means(w, data)))
  list(weight = as.numeric(coef(found)), se = as.numeric(SE(found)))
}
share <- function(x) x / sum(x)
by_sum <- function(c) share(tapply(c, groups, sum))
by_mean <- function(c) share(tapply(c, groups, mean))
importance <- function(m) m[1:6]
panel <- c(.5, .5)

cat(toJSON(list(
  source = paste("Simulated; survey", packageVersion("survey")),
  ratings = ratings, groups = groups,
  weighted = jackknife(function(m) by_sum(.7 * m[1:6] + .3 * m[7:12])),
  geometric = jackknife(function(m) by_sum(sqrt(m[1:6] * m[7:12]))),
  mean = jackknife(function(m) by_mean(importance(m))),
  blend = jackknife(function(m) share(tapply(importance(m), groups, mean) * c(4, 2)^.5)),
  direct = jackknife(function(m) share(m[13:14])),
  panel = jackknife(function(m) .6 * by_sum(importance(m)) + .4 * panel)
), digits = 12, auto_unbox = TRUE, na = "null"))
