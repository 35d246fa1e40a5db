/** Names that the exporter gives to metrics about itself and the process; a KPI's metric may not have them. */
export const RESERVED_METRIC =
  /^(portfolio_(kpi_(acceptable_lag|lag_alert|last_|data_timestamp|run|queue|series|history_).*|threshold|database_.*|config_.*|build_info)|process_.*|nodejs_.*)$/;
