package localaws_test

import (
	"maps"
	"net/http"
	"net/url"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/s3seal/s3seal/localaws"
)

// differences have, for each row of "What differs from AWS" in
// docs/local-aws.md, by its first cell, a test that the local AWS differs so.
var differences = join(
	policyDifferences, identityDifferences, stackDifferences, serviceDifferences, functionDifferences,
	s3Differences, replicationDifferences, queueDifferences, alarmDifferences, batchDifferences, eventDifferences,
)

// TestDifferences: what the page says about the local AWS is so, and nothing is
// tested that it doesn't say. A difference that is gone fails here: then its row
// goes too.
func TestDifferences(t *testing.T) {
	t.Parallel()
	var rows []string
	for _, line := range section(t, "What differs from AWS") {
		cells := strings.Split(strings.Trim(line, "| "), " | ")
		if !strings.HasPrefix(line, "| ") || cells[0] == "Here" {
			continue
		}
		if len(cells) != 2 || !strings.Contains(cells[1], "](https://docs.aws.amazon.com/") {
			t.Errorf("%s: want what AWS does, with a link to its page", line)
		}
		rows = append(rows, cells[0])
	}
	holds(t, rows, differences)
}

// TestRecordedOnly: the same for the list of what nothing acts on.
func TestRecordedOnly(t *testing.T) {
	t.Parallel()
	var bullets []string
	for _, line := range section(t, "What is recorded only") {
		if text, ok := strings.CutPrefix(line, "- "); ok {
			bullets = append(bullets, text)
		} else if text, ok := strings.CutPrefix(line, "  "); ok {
			bullets[len(bullets)-1] += " " + text
		}
	}
	for i, text := range bullets {
		bullets[i] = strings.TrimRight(text, ";.")
	}
	holds(t, bullets, recordedOnly)
}

// holds runs the test of each text of the page.
func holds(t *testing.T, texts []string, tests map[string]func(*testing.T)) {
	t.Helper()
	for _, text := range texts {
		if test := tests[text]; test != nil {
			t.Run(text, test)
		} else {
			t.Errorf("docs/local-aws.md says, and nothing tests: %s", text)
		}
	}
	for text := range tests {
		if !slices.Contains(texts, text) {
			t.Errorf("a test holds what docs/local-aws.md doesn't say: %s", text)
		}
	}
}

// section has the lines of docs/local-aws.md below a heading.
func section(t *testing.T, heading string) []string {
	t.Helper()
	page, err := os.ReadFile("../docs/local-aws.md")
	if err != nil {
		t.Fatal(err)
	}
	_, below, ok := strings.Cut(string(page), "\n## "+heading+"\n")
	if !ok {
		t.Fatalf("docs/local-aws.md has no heading %q", heading)
	}
	below, _, _ = strings.Cut(below, "\n## ")
	return strings.Split(below, "\n")
}

func join(all ...map[string]func(*testing.T)) map[string]func(*testing.T) {
	joined := map[string]func(*testing.T){}
	for _, m := range all {
		maps.Copy(joined, m)
	}
	return joined
}

// query is what the services of AWS's query protocol call their API.
var query = map[string]string{"iam": "2010-05-08", "sts": "2011-06-15", "cloudformation": "2010-05-15", "sns": "2010-03-31"}

// targets are what X-Amz-Target begins with.
var targets = map[string]string{
	"kms": "TrentService.", "secretsmanager": "secretsmanager.", "ssm": "AmazonSSM.", "logs": "Logs_20140328.", "sqs": "AmazonSQS.",
	"monitoring": "GraniteServiceVersion20100801.", "events": "AWSEvents.",
}

// call sends an operation as the source account's administrator. Of services
// with a query protocol the body is parameters, "A=1&B=2"; of REST services the
// operation is method and path. Headers are "name: value".
func call(t *testing.T, s *localaws.Server, service, operation, body string, headers ...string) (int, string) {
	t.Helper()
	method, path, h := http.MethodPost, "/", map[string]string{}
	switch {
	case query[service] != "":
		v := url.Values{"Action": {operation}, "Version": {query[service]}}
		for p := range strings.SplitSeq(body, "&") {
			if name, value, ok := strings.Cut(p, "="); ok {
				v.Set(name, value)
			}
		}
		body, h["Content-Type"] = v.Encode(), "application/x-www-form-urlencoded"
	case targets[service] != "":
		h["X-Amz-Target"] = targets[service] + operation
	default:
		method, path, _ = strings.Cut(operation, " ")
	}
	for _, line := range headers {
		name, value, _ := strings.Cut(line, ": ")
		h[name] = value
	}
	return send(t, s, service, method, path, body, h)
}

// unsupported is a right request that AWS carries out and the local AWS refuses,
// and what the refusal names.
type unsupported struct{ named, service, operation, body string }

func refuses(t *testing.T, s *localaws.Server, all ...unsupported) {
	t.Helper()
	for _, u := range all {
		status, answer := call(t, s, u.service, u.operation, u.body)
		if status < 400 || status == http.StatusInternalServerError || !strings.Contains(answer, u.named) {
			t.Errorf("%s %.300s: %d %.600s, want a refusal that names %s", u.operation, u.body, status, answer, u.named)
		}
	}
}
