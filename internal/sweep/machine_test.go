package sweep

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/s3seal/s3seal/internal/object/objecttest"
)

// machine is what the test walks of a definition, in the words of the Amazon States
// Language.
type machine struct {
	StartAt string
	States  map[string]struct {
		Type, Resource, StartAt    string
		End                        bool
		MaxConcurrency             int
		ToleratedFailurePercentage float64
		ItemReader                 struct {
			Resource   string
			Parameters map[string]string
		}
		ItemBatcher   struct{ MaxItemsPerBatch int }
		ItemProcessor *struct {
			ProcessorConfig struct{ Mode, ExecutionType string }
			machine
		}
		Parameters map[string]string
		Retry      []struct {
			ErrorEquals []string
			MaxAttempts int
		}
		OutputPath, ResultPath json.RawMessage
	}
}

// The machine is walked as Step Functions would, with the function itself.
func TestTheMachineMovesAllObjects(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for _, name := range []string{"a", "b", "c", "d e+f"} {
		w.put(name, "k0", name)
	}
	w.delete("c")
	const arn = "arn:aws-cn:lambda:cn-north-1:111122223333:function:sweep"
	text := Machine("aws-cn", objecttest.Bucket, arn)
	if len(text) > 1<<20 {
		t.Error("a definition has at most 1 MB")
	}
	var m machine
	d := json.NewDecoder(strings.NewReader(text))
	w.ok(d.Decode(&m))
	sweep := m.States[m.StartAt]
	p := sweep.ItemProcessor
	if sweep.Type != "Map" || !sweep.End || p.ProcessorConfig.Mode != "DISTRIBUTED" || p.ProcessorConfig.ExecutionType != "STANDARD" ||
		sweep.MaxConcurrency != batchesAtOnce || sweep.ItemReader.Resource != "arn:aws-cn:states:::s3:listObjectsV2" || sweep.ItemReader.Parameters["Bucket"] != objecttest.Bucket {
		t.Fatal(text)
	}
	move := p.States[p.StartAt]
	if move.Type != "Task" || !move.End || move.Resource != "arn:aws-cn:states:::lambda:invoke" || move.Parameters["FunctionName"] != arn || move.Parameters["Payload.$"] != "$" ||
		string(move.OutputPath) != "null" || move.Retry[0].MaxAttempts < 3 {
		t.Fatal(text)
	}
	// What the list of the bucket's current objects has, in batches of two.
	for _, batch := range []string{
		`{"Items":[{"Etag":"e","Key":"a","LastModified":1668699881,"Size":1,"StorageClass":"STANDARD"},{"Key":"b"}]}`,
		`{"Items":[{"Key":"c"},{"Key":"d e+f"}]}`,
	} {
		_, err := w.handler().Invoke(t.Context(), []byte(batch))
		w.ok(err)
	}
	for _, name := range []string{"a", "b", "d e+f"} {
		if got, _ := w.get(name, "", "k2"); got != name {
			t.Errorf("%q is %q", name, got)
		}
	}
}
