package sweep

import (
	"fmt"
	"io"
	"text/tabwriter"
	"time"

	"github.com/s3seal/s3seal/internal/price"
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
		StorageDollars: float64(move.Bytes) / (1 << 30) * price.Storage.USD(),
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
		return 2*looks*price.Retrieval.USD() + (move+bytes/partSize+looks/pageSize)*price.Write.USD()
	}
	least := func(looks float64) float64 { return max(move/writesPerSecond, 2*looks/readsPerSecond) }
	batches := current/ItemsPerBatch + 1
	e := []Estimate{
		{Engine: "terminal", Dollars: requests(versions), Seconds: max(work(versions)/workers, least(versions))},
		{Engine: "map",
			Dollars: requests(current) + batches*(3*price.Transition.USD()+price.Invocation.USD()) + work(current)/workers*memoryGB*price.Compute.USD(),
			Seconds: max(work(current)/workers/batchesAtOnce, least(current))},
		{Engine: "batch",
			Dollars: requests(move) + price.BatchJob.USD() + move*(price.BatchTask.USD()+price.Invocation.USD()) + work(move)*memoryGB*price.Compute.USD(),
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
	fmt.Fprintf(w, "%s, for S3 Standard, not all read on AWS's pages; times for %s a request.\n", price.About, perRequest)
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
