"""Bank holidays, as GOV.UK lists them rather than as the package has them."""

import datetime as dt

import pytest

from pages.holidays import NATIONS, bank_holidays, bank_holidays_of

ENGLAND = {
    2026: ["1 1", "3 4", "6 4", "4 5", "25 5", "31 8", "25 12", "28 12"],
    2027: ["1 1", "26 3", "29 3", "3 5", "31 5", "30 8", "27 12", "28 12"],
    2028: ["3 1", "14 4", "17 4", "1 5", "29 5", "28 8", "25 12", "26 12"],
}


def days(nation, year):
    return [f"{day.day} {day.month}" for day in bank_holidays_of(nation, year)]


@pytest.mark.parametrize("year", ENGLAND)
def test_england_has_the_eight_days_of_gov_uk(year):
    assert days("England", year) == ENGLAND[year]


def test_a_holiday_at_a_weekend_is_its_substitute_alone():
    of_2026 = bank_holidays_of("England", 2026)
    assert dt.date(2026, 12, 26) not in of_2026
    assert of_2026[dt.date(2026, 12, 28)] == "Boxing Day (substitute)"


def test_scotland_has_a_day_of_its_own_in_june_2026():
    assert "15 6" in days("Scotland", 2026)
    assert "15 6" not in days("England", 2026)
    assert days("Scotland", 2027).count("15 6") == 0


@pytest.mark.parametrize("nation", NATIONS)
def test_no_nation_has_a_bank_holiday_at_a_weekend(nation):
    found = [day for year in range(2024, 2032) for day in bank_holidays_of(nation, year)]
    assert found
    assert [day for day in found if day.weekday() > 4] == []


def test_names_are_those_people_use():
    names = set(bank_holidays_of("England", 2026).values())
    assert {"Early May bank holiday", "Summer bank holiday", "New Year’s Day"} <= names


def test_a_span_is_of_the_nation_of_the_settings(settings):
    span = dt.date(2026, 11, 15), dt.date(2027, 1, 2)
    assert [f"{day:%-d %b}" for day in bank_holidays(*span)] == ["25 Dec", "28 Dec", "1 Jan"]
    settings.NATION = "Scotland"
    assert "30 Nov" in [f"{day:%-d %b}" for day in bank_holidays(*span)]
