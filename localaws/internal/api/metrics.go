package api

import "time"

// Metrics is what other services need of CloudWatch: the metrics that they publish
// of what they do. No policy decides on those.
type Metrics interface {
	// Record adds values to metrics of an account and Region.
	Record(p Place, namespace string, data ...Datum)
}

// Datum is one value of a metric.
type Datum struct {
	Name       string
	Dimensions map[string]string
	Unit       string // "Count"; "" is "None"
	Value      float64
	Time       time.Time
}
