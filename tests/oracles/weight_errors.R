# Reference values for the standard errors of weights: R's survey package.
# Run: Rscript weight_errors.R > weight_errors.json   (needs survey, jsonlite)
# Respondents stand in rows, tasks in columns. Tests read only the output kept beside this file.
#
# Complete data: svyratio of the domain's sum over the sum of all tasks. Data with gaps: each task's
# mean is a ratio of two totals (its ratings where there are any, and the indicator that there are),
# and svycontrast differentiates the weight as an expression in all these totals.
# Jackknife: replicate weights without one respondent (JK1).
suppressPackageStartupMessages({
  library(survey)
  library(jsonlite)
})

example <- matrix(c(4, 3, 2, 4, 3, 3, 1, NA, 4, 2, 3, 2, 2, 4, NA, NA, 3, 1, 2, 3),
  ncol = 4, byrow = TRUE
)

simulated <- function(respondents, tasks) {
  level <- outer(rnorm(respondents, sd = .6), 3 + rnorm(tasks, sd = .7), "+")
  pmin(pmax(round(level + matrix(rnorm(respondents * tasks), respondents)), 1), 5)
}

with_gaps <- function(ratings) {
  ratings[runif(length(ratings)) < .1] <- NA
  left <- runif(nrow(ratings)) < .3
  ratings[left, ncol(ratings) - 0:1] <- NA
  ratings
}

design <- function(data, weights) svydesign(ids = ~1, weights = weights, data = data)

by_ratio <- function(ratings, groups, weights) {
  total <- rowSums(ratings)
  result <- lapply(unique(groups), function(group) {
    data <- data.frame(own = rowSums(ratings[, groups == group, drop = FALSE]), total = total)
    found <- svyratio(~own, ~total, design(data, weights))
    list(weight = as.numeric(coef(found)), se = as.numeric(SE(found)))
  })
  setNames(result, unique(groups))
}

by_linearisation <- function(ratings, groups, weights) {
  tasks <- seq_len(ncol(ratings))
  data <- data.frame(replace(ratings, is.na(ratings), 0), 1 * !is.na(ratings))
  names(data) <- c(paste0("x", tasks), paste0("r", tasks))
  totals <- svytotal(reformulate(names(data)), design(data, weights))
  mean_of <- function(chosen) paste(sprintf("x%d/r%d", chosen, chosen), collapse = " + ")
  result <- lapply(unique(groups), function(group) {
    share <- sprintf("(%s)/(%s)", mean_of(tasks[groups == group]), mean_of(tasks))
    found <- svycontrast(totals, parse(text = share)[[1]])
    list(weight = as.numeric(coef(found)), se = as.numeric(SE(found)))
  })
  setNames(result, unique(groups))
}

by_jackknife <- function(ratings, groups, weights, combine) {
  replicates <- as.svrepdesign(design(data.frame(ratings), weights), type = "JK1", mse = FALSE)
  shares <- function(w, data) {
    combined <- combine(apply(as.matrix(data), 2, weighted.mean, w = w, na.rm = TRUE))
    tapply(combined, groups, sum) / sum(combined)
  }
  found <- withReplicates(replicates, shares)
  Map(function(weight, se) list(weight = weight, se = se), coef(found), SE(found))
}

# Equal say of both scales: the second mean raised to the ratio of standard deviations of logs.
kane <- function(means) {
  first <- means[seq_len(length(means) / 2)]
  second <- means[-seq_along(first)]
  first * second^(sd(log(first)) / sd(log(second)))
}

described <- function(ratings, groups, weights, errors) {
  list(ratings = ratings, groups = groups, survey_weights = weights, errors = errors(
    ratings, groups, weights
  ), jackknife = by_jackknife(ratings, groups, weights, identity))
}

set.seed(20260301)
complete <- simulated(40, 8)
gaps <- with_gaps(simulated(60, 9))
unequal <- round(exp(rnorm(60, sd = .7)), 4)
second <- with_gaps(simulated(60, 9))
two <- c("A", "A", "B", "B")
three <- rep(c("A", "B", "C"), each = 3)

cat(toJSON(
  list(
    versions = list(R = as.character(getRversion()), survey = as.character(packageVersion("survey"))),
    cases = list(
      example = described(example, two, rep(1, 5), by_linearisation),
      example_weighted = described(example, two, c(1, 2, 1, .5, 1.5), by_linearisation),
      complete = described(complete, rep(two, each = 2), rep(1, 40), by_ratio),
      complete_weighted = described(complete, rep(two, each = 2), unequal[1:40], by_ratio),
      gaps = described(gaps, three, rep(1, 60), by_linearisation),
      gaps_weighted = described(gaps, three, unequal, by_linearisation)
    ),
    kane = list(
      importance = gaps, frequency = second, groups = three,
      jackknife = by_jackknife(cbind(gaps, second), three, rep(1, 60), kane)
    )
  ),
  digits = NA, na = "null", auto_unbox = TRUE, pretty = FALSE
), "\n")
