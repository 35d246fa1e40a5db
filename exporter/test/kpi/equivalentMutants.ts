/**
 * Mutants that no row can tell from the query, each with the reason. A mutant that some row would betray belongs in a
 * fixture instead. The test fails on an entry whose mutant is gone or is betrayed after all.
 */
export const EQUIVALENT_MUTANTS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  data_quality: {
    "'g' becomes 'gx': 'g'": 'the pattern has no white space that the flag x would take away',
    'JOIN becomes LEFT JOIN: initiative_milestones AS m JOIN synergy_initiatives AS i ON i.id = m.initiative_id':
      'every milestone has an initiative: initiative_id is NOT NULL and a foreign key',
  },
  portfolio_unknown_words: {
    "'g' becomes 'gx': 'g'": 'a space within brackets stays with the flag x',
    "'g' becomes 'gx': 'g' (2)": 'the pattern has no white space that the flag x would take away',
    "without ELSE: CASE WHEN getdatabaseencoding() = 'UTF8' THEN regexp_replace(normalize(found_word.word, NFKC), E'[\\\\u00AD\\\\u1680\\\\u180E\\\\u200B-\\\\u200F\\\\u2028\\\\u2029\\\\u2060\\\\...":
      'the databases of the fixtures are UTF8; encodings.test.ts has another one',
  },
  initiative_status: {
    'turn the order: o.initiative_id': 'the order of the initiatives is not part of any sample',
  },
  resource_allocation: {
    'JOIN becomes LEFT JOIN: venture_resource_allocations AS a JOIN ventures AS v ON v.id = a.venture_id':
      'every allocation has a venture: venture_id is NOT NULL and a foreign key',
  },
  resource_conflicts: {
    'turn the order: resolution_seconds': 'the median is the same from either end',
  },
  rollback: {
    "JOIN becomes LEFT JOIN: total AS present JOIN total AS past ON past.name = 'last_month'":
      'without the earlier side the comparison is NULL, which has no sample either',
  },
  synergy_totals: {
    '> becomes <: b.venture_id > a.venture_id': 'each pair is counted once in either order',
  },
};
