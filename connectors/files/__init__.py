"""Any delimited text, workbook or Parquet file as columns of text, or a refusal in words."""
