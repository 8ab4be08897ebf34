// Package cloudwatch is the local AWS's CloudWatch: metrics, metric math, alarms
// and dashboards, in each of the three protocols that clients speak.
//
// Alarms are evaluated at each tick of Options.Tick, and by [Service.Evaluate], as
// if the minute that has begun were over: a test needs not wait for it. Services
// of the local AWS publish through [Service.Record] what AWS documents of theirs.
//
// Metrics are kept by the minute, all together of a bounded number. Refused by
// name: percentiles and other extended statistics, metrics of a higher
// resolution, anomaly detection, Metrics Insights and SEARCH, composite alarms,
// alarms on queries and on logs, wall clock windows, and actions other than
// topics and functions.
//
// Source: Amazon CloudWatch API reference and user guide.
package cloudwatch
