"""Stars from firms in bare DuckDB SQL: the floor, without any check of what it reads."""

from __future__ import annotations

import json
import os
import resource
import sys
import time
from pathlib import Path

import duckdb
import pandas as pd

SQL = """
with firms as (
  select "BvD ID number" firm, coalesce("NUTS2", "Country ISO code") region,
    "NACE Rev. 2, core code (4 digits)" code, "Year" as year, "Number of employees" employees,
    "Costs of employees th EUR" wages, "Added value th EUR" value_added,
    "Operating revenue (Turnover) th EUR" turnover
  from read_parquet('{folder}/firms.parquet')
),
industries as (select * from read_csv('{folder}/industries.csv', types = {{'code': 'VARCHAR'}})),
best as (select distinct code, ranked_in from industries),
cells as (
  select region, code, year, sum(employees) employment, sum(wages) filter (employees is not null) wages, count(*) firms
  from firms group by all
),
grown as (
  select now.region, now.code, now.year, count(*) high_growth_smes
  from firms now join firms past on past.firm = now.firm and past.year = now.year - 3
  where past.employees >= 10 and past.employees < 250 and (
    now.employees / past.employees >= 1.728
    or (past.turnover > 0 and now.turnover / past.turnover >= 1.728))
  group by all
),
ranked as (
  select region, ranked_in industry, year,
    rank() over (partition by ranked_in, year order by value_added / employees desc) place,
    count(*) over (partition by ranked_in, year) number
  from firms join best using (code) where value_added is not null and employees > 0
),
tops as (
  select region, industry, year, count(*) frontier_firms from ranked where place * 20 <= number group by all
),
regional as (
  select region, industry, year, sum(employment * share) employment, sum(wages * share) * 1000 wages,
    sum(firms * share) firms, sum(coalesce(high_growth_smes, 0) * share) high_growth_smes
  from cells left join grown using (region, code, year) join industries using (code)
  group by all
)
select regional.*, coalesce(frontier_firms, 0) frontier_firms
from regional left join tops using (region, industry, year)
"""


def regional_table(folder: Path) -> pd.DataFrame:
    with duckdb.connect() as connection:
        connection.execute("set preserve_insertion_order = false")
        if os.environ.get("MEMORY_LIMIT"):
            connection.execute(f"set memory_limit = '{os.environ['MEMORY_LIMIT']}'")
        found: pd.DataFrame = connection.execute(SQL.format(folder=folder)).df()
    return found


if __name__ == "__main__":
    start = time.perf_counter()
    found = regional_table(Path(sys.argv[1]))
    wall = time.perf_counter() - start
    used = resource.getrusage(resource.RUSAGE_SELF)
    found.to_parquet(sys.argv[2])
    told = {"wall": wall, "cpu": used.ru_utime + used.ru_stime, "memory": used.ru_maxrss / 1024}
    sys.stdout.write(json.dumps(told))
