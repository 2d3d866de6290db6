/** In which formats the report of a scan is written. */
export const SCAN_FORMATS = ["text", "json", "ndjson", "sarif", "csv", "html"] as const;

export type ScanFormat = (typeof SCAN_FORMATS)[number];
