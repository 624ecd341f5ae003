"""Files of SPSS and Stata for tests, made with pyreadstat; and R and PSPP as witnesses."""

import subprocess

import pandas as pd
import pyreadstat

from rds.survey.platforms import spss, stata
from rds.survey.platforms.opening import open_file


def opened(tmp_path, content, name="answers.dat"):
    path = tmp_path / name
    path.write_bytes(content)
    return open_file(path)


def read_sav(tmp_path, columns, **described):
    """Return the export of an SPSS file with these columns."""
    path = tmp_path / "answers.sav"
    pyreadstat.write_sav(pd.DataFrame(columns), path, **described)
    return spss.read(open_file(path))


def read_dta(tmp_path, columns, **described):
    """Return the export of a Stata file with these columns."""
    path = tmp_path / "answers.dta"
    pyreadstat.write_dta(pd.DataFrame(columns), path, **described)
    return stata.read(open_file(path))


def cells(export):
    """Return the cells of an export by column."""
    return {name: list(column) for name, column in pd.concat(export.blocks()).items()}


def by_name(export):
    assert [column.name for column in export.described] == list(export.columns)
    return {column.name: column for column in export.described}


def roles(export):
    return {column.name: column.role for column in export.described if column.role != "answer"}


def run_pspp(folder, syntax):
    """Run syntax in a folder; what PSPP printed, without an error or a warning."""
    (folder / "run.sps").write_text(syntax, encoding="utf-8")
    done = subprocess.run(
        ["pspp", "-O", "format=csv", "run.sps"],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "error:" not in done.stdout + done.stderr
    assert "warning:" not in done.stdout + done.stderr
    return done.stdout


def seen_by_haven(path):
    """Return labels, value labels and missing values that R's haven finds in a file."""
    code = """
    library(haven)
    file <- commandArgs(TRUE)[1]
    data <- if (grepl("dta$", file)) read_dta(file) else read_sav(file, user_na = TRUE)
    for (name in names(data)) {
      column <- data[[name]]
      words <- attr(column, "labels", exact = TRUE)
      cat(name, attr(column, "label", exact = TRUE), paste(words, names(words), collapse = "|"),
        paste(attr(column, "na_values", exact = TRUE), collapse = "|"),
        paste(format(unclass(column)), collapse = "|"), sep = "\t")
      cat("\n")
    }
    """
    script = path.with_suffix(".R")
    script.write_text(code, encoding="utf-8")
    done = subprocess.run(
        ["Rscript", "--encoding=UTF-8", script, path],
        capture_output=True,
        check=False,
        timeout=60,
        env={"LC_ALL": "C.UTF-8", "PATH": "/usr/bin:/bin:/usr/local/bin"},
    )
    assert done.returncode == 0, done.stderr.decode()
    rows = [line.split("\t") for line in done.stdout.decode().splitlines()]
    return {row[0]: row[1:] for row in rows}
