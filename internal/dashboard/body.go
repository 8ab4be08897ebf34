// Package dashboard writes the body of a stage's CloudWatch dashboard: a graph for
// each question that its alarms ask.
//
// Texts may be tokens of the CDK, so nothing here looks into a name.
package dashboard

import (
	"encoding/json"
	"fmt"

	"github.com/s3seal/s3seal/internal/alarm"
	"github.com/s3seal/s3seal/internal/metric"
)

// Dashboard is what the graphs are of. What is left out has none.
type Dashboard struct {
	Stage, Region string

	Functions []Function
	Queues    []Named // of dead letters
	Keys      []Named // the ARNs of KMS keys
	Logs      []Named // log buckets

	Ring        *Ring
	Replication *Replication
	Denied      []Named // buckets whose denied uploads are counted
}

// Named is a name of a resource, and what people call it.
type Named struct{ Label, Name string }

// Function is a Lambda function. Bucket and Verb are those of its metrics, "" for
// none.
type Function struct{ Label, Name, Bucket, Verb string }

// Ring is the key ring of SSE-C: its functions, "" for none.
type Ring struct{ Bucket, Rotate, Sweep string }

// Replication is a replication rule.
type Replication struct{ SourceBucket, ReplicaBucket, RuleID, ReplicaRegion string }

// Body returns the body, in JSON.
//
// Source: AmazonCloudWatch/latest/APIReference/CloudWatch-Dashboard-Body-Structure.html.
func (d Dashboard) Body() string {
	p := page{region: d.Region}
	p.text(fmt.Sprintf("# %s\n\nWhat to do when an alarm goes off: [docs/alarms.md](%s)", d.Stage, alarm.Page))
	if d.Replication != nil {
		p.replication(*d.Replication)
	}
	p.functions(d.Functions)
	p.ring(d.Ring)
	p.graph("Events in dead-letter queues", "Maximum", each(d.Queues, alarm.DeadLetters()))
	p.keys(d.Keys)
	p.graph("Uploads that were denied", "Sum", each(d.Denied, alarm.UploadsDenied()))
	p.logs(d.Logs)
	text, err := json.Marshal(map[string]any{"widgets": p.widgets})
	if err != nil {
		panic(err) // there are only texts and numbers in it
	}
	return string(text)
}

func (p *page) replication(r Replication) {
	of := func(name, label string) series {
		return series{"AWS/S3", name, "SourceBucket", r.SourceBucket, "DestinationBucket", r.ReplicaBucket, "RuleId", r.RuleID, options{"label": label}}
	}
	p.graph("Objects that were not replicated", "Sum", []series{of("OperationsFailedReplication", "failed")})
	// These three are published in the Region of the replica bucket.
	// Source: AmazonS3/latest/userguide/repl-metrics.html.
	p.region, r.ReplicaRegion = r.ReplicaRegion, p.region
	p.graph("How far the replicas are behind", "Maximum", []series{of("ReplicationLatency", "seconds")})
	p.graph("What waits for replication", "Maximum", []series{of("OperationsPendingReplication", "operations"), of("BytesPendingReplication", "bytes")})
	p.region = r.ReplicaRegion
}

func (p *page) functions(list []Function) {
	var errors, throttles, durations, refused []series
	for _, f := range list {
		of := func(name string) series {
			return series{"AWS/Lambda", name, "FunctionName", f.Name, options{"label": f.Label}}
		}
		errors, throttles, durations = append(errors, of("Errors")), append(throttles, of("Throttles")), append(durations, of("Duration"))
		if f.Verb != "" {
			a := alarm.ServiceThrottled()
			refused = append(refused, series{a.Namespace, a.Metric, "FunctionName", f.Name, "Bucket", f.Bucket, "Verb", f.Verb, metric.ErrorType, a.Fixed[metric.ErrorType], options{"label": f.Label}})
		}
	}
	p.graph("Errors of functions", "Sum", errors)
	p.graph("Invocations that Lambda refused", "Sum", throttles)
	p.graph("Time of functions, 95 of 100", "p95", durations)
	p.graph("Requests that S3, KMS or Secrets Manager refused as too many", "Sum", refused)
}

func (p *page) ring(r *Ring) {
	if r == nil {
		return
	}
	of := func(m metric.Metric, function, label string) []series {
		if function == "" {
			return nil
		}
		return []series{{metric.Namespace, m.Name, "FunctionName", function, "Bucket", r.Bucket, options{"label": label}}}
	}
	p.graph("Size of the key ring", "Maximum", of(metric.RingBytes, r.Rotate, "bytes"))
	p.graph("Age of the oldest key that an object is under", "Maximum", of(metric.OldestKeyDays, r.Sweep, "days"))
}

func (p *page) keys(list []Named) {
	if len(list) == 0 {
		return
	}
	var used []series
	for _, k := range list {
		for _, operation := range []string{"Decrypt", "GenerateDataKey"} {
			used = append(used, series{"AWS/KMS", "SuccessfulRequest", "KeyArn", k.Name, "Operation", operation, options{"label": k.Label + " " + operation}})
		}
	}
	p.graph("Requests under the keys", "Sum", used)
	quota := alarm.KeyQuota()
	usage := series{quota.Namespace, quota.Metric}
	for _, name := range quota.Dimensions {
		usage = append(usage, name, quota.Fixed[name])
	}
	p.graph("Percent of the account's quota of KMS", "Sum", []series{
		append(usage, options{"id": "usage", "visible": false, "period": 60}),
		{options{"expression": "100*usage/SERVICE_QUOTA(usage)", "label": "percent"}},
	})
}

func (p *page) logs(list []Named) {
	var counts []series
	for _, b := range list {
		counts = append(counts, series{"AWS/S3", "NumberOfObjects", "BucketName", b.Name, "StorageType", "AllStorageTypes", options{"label": b.Label, "period": 86400}})
	}
	p.graph("Objects in log buckets", "Average", counts)
}

// each is what an alarm with one dimension watches, of every resource.
func each(list []Named, a alarm.Alarm) []series {
	var all []series
	for _, n := range list {
		all = append(all, series{a.Namespace, a.Metric, a.Dimensions[0], n.Name, options{"label": n.Label}})
	}
	return all
}
