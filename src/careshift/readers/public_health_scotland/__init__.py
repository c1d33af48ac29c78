"""Readers of Public Health Scotland's open data (opendata.nhs.scot, earlier ISD Scotland), by data set."""
