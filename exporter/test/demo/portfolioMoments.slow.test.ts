import { portfolioHolds } from './portfolioHolds.js';

// The moments that are most likely to break something: both ends of days, months, years and time zones.
portfolioHolds('2027-01-01', '2027-01-01T00:01:00Z');
portfolioHolds('2026-12-31', '2026-12-31T23:59:00Z');
portfolioHolds('2028-02-29', '2028-02-29T00:01:00Z');
// The clocks go forward and back.
portfolioHolds('2026-03-29', '2026-03-29T21:59:00Z', 'Europe/Berlin');
portfolioHolds('2026-11-01', '2026-11-01T04:01:00Z', 'America/New_York');
// The local day is a day ahead of, or behind, the UTC day.
portfolioHolds('2026-12-01', '2026-11-30T10:01:00Z', 'Pacific/Kiritimati');
portfolioHolds('2026-06-30', '2026-07-01T10:59:00Z', 'Pacific/Pago_Pago');
