package sweep

import "encoding/json"

// Machine is the definition of a state machine that sweeps a bucket with a
// Distributed Map: Step Functions lists the current objects, and invokes the
// function with batches of them.
//
// A batch that fails is tried again; it finds moved what it has moved. Each has an
// empty output, since Step Functions fails an execution whose outputs have together
// more than 256 KiB; what a batch did is in the function's log.
//
// Sources: step-functions/latest/dg/state-map-distributed.html,
// input-output-itemreader.html, input-output-itembatcher.html.
func Machine(partition, bucket, functionARN string) string {
	type fields = map[string]any
	integration := "arn:" + partition + ":states:::"
	move := fields{
		"Type":     "Task",
		"Resource": integration + "lambda:invoke",
		"Parameters": fields{
			"FunctionName": functionARN,
			"Payload.$":    "$",
		},
		"TimeoutSeconds": 900,
		"OutputPath":     nil,
		"Retry": []fields{{
			"ErrorEquals": []string{
				"S3Seal.Throttled", "S3Seal.Timeout", "S3Seal.Unavailable",
				"Lambda.TooManyRequestsException", "Lambda.ServiceException", "Lambda.AWSLambdaException", "Lambda.SdkClientException",
			},
			"IntervalSeconds": 5, "BackoffRate": 2, "MaxDelaySeconds": 300, "MaxAttempts": 8, "JitterStrategy": "FULL",
		}},
		"End": true,
	}
	text, err := json.Marshal(fields{
		"Comment": "Moves objects to the primary SSE-C key",
		"StartAt": "Sweep",
		"States": fields{"Sweep": fields{
			"Type":  "Map",
			"Label": "Sweep",
			"ItemReader": fields{
				"Resource":   integration + "s3:listObjectsV2",
				"Parameters": fields{"Bucket": bucket},
			},
			"ItemBatcher":                fields{"MaxItemsPerBatch": ItemsPerBatch}, // and 256 KiB, the default
			"MaxConcurrency":             batchesAtOnce,
			"ToleratedFailurePercentage": 5,
			"ItemProcessor": fields{
				"ProcessorConfig": fields{"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"},
				"StartAt":         "Move",
				"States":          fields{"Move": move},
			},
			"ResultPath": nil,
			"End":        true,
		}},
	})
	if err != nil {
		panic(err) // a map of texts and numbers is always JSON
	}
	return string(text)
}

// ItemsPerBatch is how many objects a Distributed Map gives the function at most,
// and batchesAtOnce how many invocations it makes at the same time: few enough for
// an account's concurrency, 1,000 by default, to serve others.
const (
	ItemsPerBatch = 1000
	batchesAtOnce = 50
)
