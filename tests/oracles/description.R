# Reference values for the standard error of a mean from a finite population.
# Run: Rscript description.R > description_R.json   (needs survey, jsonlite)
suppressPackageStartupMessages({
  library(survey)
  library(jsonlite)
})
set.seed(20260303)
ratings <- sample(1:4, 48, replace = TRUE, prob = c(.1, .2, .4, .3))
frame_size <- 150
design <- svydesign(
  id = ~1, data = data.frame(rating = ratings, size = frame_size), fpc = ~size
)
found <- svymean(~rating, design)
limits <- confint(found, df = length(ratings) - 1)
cat(toJSON(
  list(
    versions = list(
      R = as.character(getRversion()), survey = as.character(packageVersion("survey"))
    ),
    frame_size = frame_size, ratings = ratings, mean = as.numeric(found),
    se = as.numeric(SE(found)), ci_low = limits[1], ci_high = limits[2]
  ),
  digits = NA, auto_unbox = TRUE
), "\n")
