# Reference values for the weights of KSAs and their standard errors: base R and R's survey package.
# Run: Rscript linkage.R > linkage.json   (needs survey, jsonlite)
# Three experts judge 6 tasks × 4 KSAs at levels 0 to 3. A link counts when at least half of those
# who judged it gave level 2; its strength is their mean level. The weight of a KSA is then the
# ratio of two totals over respondents, and svyratio gives its standard error.
suppressPackageStartupMessages({
  library(survey)
  library(jsonlite)
})

set.seed(20260301)
judged <- array(sample(0:3, 72, replace = TRUE), c(3, 6, 4))
judged[, 5, ] <- 1
judged[2, 1, 3] <- NA
judged[3, 2, ] <- NA
ratings <- matrix(sample(1:5, 240, replace = TRUE), 40)

strength <- matrix(0, 6, 4)
for (task in 1:6) {
  for (ksa in 1:4) {
    own <- judged[, task, ksa]
    own <- own[!is.na(own)]
    if (mean(own >= 2) >= .5) strength[task, ksa] <- mean(own)
  }
}
total <- rowSums(strength)
shares <- cbind(strength / ifelse(total > 0, total, 1), as.numeric(total == 0))
design <- svydesign(ids = ~1, weights = rep(1, 40), data = data.frame(
  own = ratings %*% shares, all = rowSums(ratings)
))
found <- lapply(1:5, function(k) {
  ratio <- svyratio(as.formula(paste0("~own.", k)), ~all, design)
  list(weight = as.numeric(coef(ratio)), se = as.numeric(SE(ratio)))
})
cat(toJSON(
  list(
    versions = list(R = as.character(getRversion()), survey = as.character(packageVersion("survey"))),
    ratings = ratings, judged = judged, shares = shares, ksas = found
  ),
  digits = NA, na = "null", auto_unbox = TRUE
), "\n")
