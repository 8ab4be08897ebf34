package sweep

import (
	"fmt"
	"io"
	"text/tabwriter"
	"time"
)

// Prices are list prices in US dollars of us-east-1, for S3 Standard. Other Regions
// and classes differ: AWS's calculator knows them.
//
// They are as known, and were not read from AWS's pages on that day: compare them
// there before much money hangs on them. Sources: aws.amazon.com/s3/pricing
// (requests, Batch Operations, storage), aws.amazon.com/step-functions/pricing,
// aws.amazon.com/lambda/pricing (arm64).
const (
	pricesOf          = "November 2026"
	priceOfWrite      = 0.005 / 1000 // PUT, COPY, POST, LIST
	priceOfRead       = 0.0004 / 1000
	priceOfGBMonth    = 0.023
	priceOfTransition = 0.025 / 1000
	priceOfInvocation = 0.20 / 1e6
	priceOfGBSecond   = 0.0000133334
	priceOfJob        = 0.25
	priceOfTask       = 1.00 / 1e6
)

// What S3 carries out for one prefix, at least, per second, before it asks to slow
// down. Source: AmazonS3/latest/userguide/optimizing-performance.html.
const (
	writesPerSecond = 3500
	readsPerSecond  = 5500
)

// What is assumed, since it is not documented: how long a small request takes, and
// how fast S3 copies a large object.
const (
	perRequest     = 50 * time.Millisecond
	bytesPerSecond = 100 << 20
)

// An Estimate is what a sweep takes with an engine.
type Estimate struct {
	Engine  string  `json:"engine"`
	Dollars float64 `json:"dollars"`
	Seconds float64 `json:"seconds"`
	Use     bool    `json:"use"` // the simplest that ends within a working day
}

// An Outlook is what a sweep would do, from a plan's report.
type Outlook struct {
	*Report
	Estimates []Estimate `json:"estimates"`

	// StorageDollars is what the versions that the copies replace cost a month, in
	// a bucket with versions, until its lifecycle ends them.
	StorageDollars float64 `json:"storageDollarsPerMonth"`
}

// NewOutlook estimates what a sweep takes that a plan has reported.
func NewOutlook(r *Report) *Outlook {
	move := r.Of(ToMove)
	versions, _ := r.Versions()
	current := versions - r.Of(Noncurrent).Versions
	return &Outlook{
		Report: r, Estimates: estimates(float64(move.Versions), float64(move.Bytes), float64(versions), float64(current)),
		StorageDollars: float64(move.Bytes) / (1 << 30) * priceOfGBMonth,
	}
}

// estimates are those of the three engines. Each version takes a read of its tags
// and a HEAD, each that moves a copy; the terminal looks at all versions, the two
// others at the current ones.
func estimates(move, bytes, versions, current float64) []Estimate {
	const workers, memoryGB = 16, 0.25
	work := func(looks float64) float64 { // of one worker, in seconds
		return (2*looks+move)*perRequest.Seconds() + bytes/bytesPerSecond
	}
	requests := func(looks float64) float64 {
		return 2*looks*priceOfRead + (move+bytes/partSize+looks/pageSize)*priceOfWrite
	}
	least := func(looks float64) float64 { return max(move/writesPerSecond, 2*looks/readsPerSecond) }
	batches := current/ItemsPerBatch + 1
	e := []Estimate{
		{Engine: "terminal", Dollars: requests(versions), Seconds: max(work(versions)/workers, least(versions))},
		{Engine: "map",
			Dollars: requests(current) + batches*(3*priceOfTransition+priceOfInvocation) + work(current)/workers*memoryGB*priceOfGBSecond,
			Seconds: max(work(current)/workers/batchesAtOnce, least(current))},
		{Engine: "batch",
			Dollars: requests(move) + priceOfJob + move*(priceOfTask+priceOfInvocation) + work(move)*memoryGB*priceOfGBSecond,
			Seconds: max(work(move)/1000, least(move))},
	}
	const workingDay = 8 * 60 * 60
	for i := range e {
		if e[i].Use = e[i].Seconds <= workingDay || i == len(e)-1; e[i].Use {
			break
		}
	}
	return e
}

// engines says how each is used.
var engines = map[string]string{
	"terminal": "s3seal sweep STAGE",
	"map":      "the state machine of buckets.sse-c.sweep",
	"batch":    "s3seal sweep STAGE --manifest FILE",
}

// Write writes the outlook for people.
func (o *Outlook) Write(w io.Writer) error {
	if err := o.Report.Write(w); err != nil {
		return err
	}
	move := o.Of(ToMove)
	fmt.Fprintf(w, "\nTo move: %d objects, %s, of which %d have more than 5 GiB and are copied in parts.\n", move.Versions, Size(move.Bytes), o.Large)
	if move.Versions == 0 {
		return nil
	}
	table := tabwriter.NewWriter(w, 0, 0, 3, ' ', 0)
	fmt.Fprintln(table, "\nengine\tcost\ttime\twith")
	for _, e := range o.Estimates {
		use := ""
		if e.Use {
			use = " (use this)"
		}
		fmt.Fprintf(table, "%s\t$%.2f\t%s\t%s%s\n", e.Engine, e.Dollars, roughly(e.Seconds), engines[e.Engine], use)
	}
	err := table.Flush()
	fmt.Fprintf(w, "With versions, what the copies replace costs $%.2f a month more until the lifecycle ends it.\n", o.StorageDollars)
	fmt.Fprintf(w, "List prices of us-east-1, %s, for S3 Standard, not verified; times for %s a request.\n", pricesOf, perRequest)
	return err
}

func roughly(seconds float64) string {
	switch d := time.Duration(seconds * float64(time.Second)); {
	case d < time.Minute:
		return "a minute"
	case d < 2*time.Hour:
		return fmt.Sprintf("%.0f min", d.Minutes())
	case d < 72*time.Hour:
		return fmt.Sprintf("%.0f h", d.Hours())
	default:
		return fmt.Sprintf("%.0f days", d.Hours()/24)
	}
}
