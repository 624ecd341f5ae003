# Reference values for models of answers under survey weights, with jackknife errors.
# Run: Rscript weighted_models.R > weighted_models.json   (needs survey, VGAM, jsonlite)
# Respondents stand in rows, tasks in columns. Tests read only the output kept beside this file.
#
# Errors: replicate weights without one respondent (JK1 of the survey package), the model written
# out anew for each replicate. Rating scale model: adjacent-category logits of VGAM with prior
# weights, which is the weighted joint likelihood.
suppressPackageStartupMessages({
  library(survey)
  library(VGAM)
  library(jsonlite)
})

simulated <- function(respondents, tasks, lowest, highest) {
  level <- outer(rnorm(respondents, sd = .6), seq(1.8, 4.4, length.out = tasks), "+")
  pmin(pmax(round(level + matrix(rnorm(respondents * tasks), respondents)), lowest), highest)
}

set.seed(20260301)
n <- 40
importance <- simulated(n, 6, 1, 5)
frequency <- simulated(n, 6, 1, 5)
frequency[runif(length(frequency)) < .2] <- 0
frequency[runif(n) < .75, 2] <- 0
weights <- round(exp(rnorm(n, sd = .7)), 4)
groups <- c("A", "A", "A", "B", "B", "C")

product <- importance * frequency
performs <- frequency > 0

within_person <- function(w, data) {
  own <- product / rowSums(product)
  colSums(w * own) / sum(w)
}
critical <- function(w, data) {
  means <- colSums(w * product) / sum(w)
  ifelse(means >= 7, means, 0)
}
performers_mean <- function(w, ratings) colSums(w * ratings * performs) / colSums(w * performs)
opm <- function(w, data) {
  means <- cbind(performers_mean(w, importance), performers_mean(w, frequency))
  share <- colSums(w * performs) / sum(w)
  ifelse(share > .5 & apply(means, 1, min) >= 3, rowMeans(means), 0)
}
midpoint <- function(w, data) {
  means <- performers_mean(w, importance)
  ifelse(means >= 3, means, 0)
}

replicates <- as.svrepdesign(
  svydesign(ids = ~1, weights = weights, data = data.frame(importance)), type = "JK1", mse = FALSE
)
described <- function(combine) {
  shares <- function(w, data) {
    combined <- combine(w, data)
    tapply(combined, groups, sum) / sum(combined)
  }
  found <- withReplicates(replicates, shares)
  list(
    combined = as.numeric(combine(weights)), weight = as.numeric(coef(found)),
    se = as.numeric(SE(found))
  )
}

rated <- simulated(80, 5, 1, 4)
ends <- function(row) all(row == 1) || all(row == 4)
rated <- rated[!apply(rated, 1, ends), ]
rated[runif(length(rated)) < .15] <- NA
rated <- rated[!apply(rated, 1, function(row) ends(row[!is.na(row)])), ]
prior <- round(exp(rnorm(nrow(rated), sd = .7)), 4)
joint <- function(ratings, prior) {
  long <- data.frame(
    rating = ordered(as.vector(ratings)),
    respondent = factor(rep(seq_len(nrow(ratings)), ncol(ratings))),
    task = factor(rep(seq_len(ncol(ratings)), each = nrow(ratings))),
    w = rep(prior, ncol(ratings))
  )
  long <- long[!is.na(long$rating), ]
  fitted <- vglm(rating ~ respondent + task, acat(parallel = TRUE), data = long, weights = w,
    control = vglm.control(epsilon = 1e-12, maxit = 100)
  )
  beta <- c(0, coef(fitted)[grep("^task", names(coef(fitted)))])
  p <- predict(fitted, newdata = expand.grid(
    respondent = levels(long$respondent), task = levels(long$task)
  ), type = "response")
  by_task <- split(as.vector(p %*% 1:4), rep(seq_along(beta), each = nlevels(long$respondent)))
  list(
    measures = as.numeric(beta - mean(beta)),
    expected = as.numeric(sapply(by_task, weighted.mean, w = prior))
  )
}

cat(toJSON(list(
  source = paste("Simulated; survey", packageVersion("survey"), "and VGAM", packageVersion("VGAM")),
  importance = importance, frequency = frequency, survey_weights = weights, groups = groups,
  models = list(
    within_person_shares = described(within_person), critical_tasks = described(critical),
    opm_filter = described(opm), midpoint_filter = described(midpoint)
  ),
  rasch = c(list(ratings = rated, survey_weights = prior), joint(rated, prior))
), digits = 12, auto_unbox = TRUE, na = "null"), "\n")
