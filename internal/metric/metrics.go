package metric

// A Metric is one row of All.
type Metric struct {
	Name string
	Unit string // of CloudWatch: "Milliseconds", "Bytes", "Count"
	Of   string // what it says, for the documentation

	// each says that every Add is a value of its own, of which CloudWatch
	// makes percentiles and a count. Otherwise the values of an invocation are
	// added up, and an invocation without any says 0.
	each bool
}

// The metrics of every function.
var (
	S3Duration    = Metric{"S3Duration", "Milliseconds", "time of each call of S3, its retries included", true}
	RingDuration  = Metric{"RingDuration", "Milliseconds", "time of each call of Secrets Manager, its retries included", true}
	Bytes         = Metric{"Bytes", "Bytes", "bytes of the objects that were put or got", false}
	RingRefreshes = Metric{"RingRefreshes", "Count", "times that the key ring was read from Secrets Manager", false}
	KeyTries      = Metric{"KeyTries", "Count", "keys that were tried to open an object; more than one is a tag that is missing or wrong", false}
	BatchItems    = Metric{"BatchItems", "Count", "records of the batch, 0 without a batch", false}
	BatchFailures = Metric{"BatchFailures", "Count", "records of the batch that failed, which will come again", false}
	RingBytes     = Metric{"RingBytes", "Bytes", "size of the key ring that a rotation made", true}
	OldestKeyDays = Metric{"OldestKeyDays", "Count", "age in days of the oldest key that a current object is under after a sweep, or at least that", true}
	Errors        = Metric{"Errors", "Count", "failures; also under the dimension ErrorType", false}
)

// All returns the metrics, in the order of the documentation.
func All() []Metric {
	return []Metric{S3Duration, RingDuration, Bytes, RingRefreshes, KeyTries, BatchItems, BatchFailures, RingBytes, OldestKeyDays, Errors}
}
