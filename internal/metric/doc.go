// Package metric writes CloudWatch metrics as lines of a function's log, in
// CloudWatch's embedded metric format: CloudWatch Logs reads the metrics from
// the line, so that a function needs no permission but that to write its log,
// and no call of its own.
//
// A function's main makes one [Writer]. Each invocation has a context of
// [Writer.Begin], and whatever runs under that context adds to its metrics:
//
//	ctx, end := w.Begin(ctx)
//	defer end()
//	metric.Add(ctx, metric.Bytes, size)
//
// Add does nothing under another context, which is how metrics are off. A nil
// *Writer gives such a context.
//
// A new metric is a row in [All], and a call of Add where it happens. Each
// metric that is sent costs a custom metric for every function, so a row needs a
// question that nothing else answers: invocations, duration and throttles of a
// function are metrics of Lambda's own.
//
// The functions have the log format JSON. Lambda does not encode a line again
// that is JSON, and reads the level and the timestamp that the line has; see
// https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs-logformat.html
package metric
