/**
 * Thresholds whose reader does not exist yet, with that reader. The test fails where one of them is read by now, so this
 * list can only become shorter.
 */
export const LATER_READERS: Readonly<Record<string, string>> = {
  chairman_response_timeout: 'the actions: reminds of an approval that nobody answered',
  synergy_min_score_to_trigger: 'the actions: takes up a synergy opportunity (PORTFOLIO-001)',
  high_priority_synergy_score: 'the actions: tells the Chairman of a synergy opportunity (PORTFOLIO-001)',
  batch_planning_threshold: 'the actions: plans waiting opportunities together (PORTFOLIO-001)',
  synergy_notification_cooldown: 'the actions: time between two triggers for a venture pair (PORTFOLIO-001)',
  performance_report_delivery_day: 'the actions: the day of the monthly report and digest (PORTFOLIO-003)',
  performance_review_cooldown: 'the actions: time between two performance reviews (PORTFOLIO-003)',
  critical_dependencies_threshold: 'the actions: triggers the review of a venture (PORTFOLIO-004)',
  interdependency_notification_cooldown: 'the actions: time between two triggers for a venture (PORTFOLIO-004)',
};
