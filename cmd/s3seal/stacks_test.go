package main

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// manyStacks is an assembly of n stages with a stack of one bucket each; the
// seventh has two, and one stack is of no stage.
func manyStacks(t *testing.T, n int) string {
	t.Helper()
	dir := t.TempDir()
	artifacts := []string{`"own": {"type": "aws:cloudformation:stack", "environment": "aws://111122223333/us-east-1", "properties": {"templateFile": "1.json"}}`}
	for i := range n {
		file := 1
		if i == 7 {
			file = 2
		}
		artifacts = append(artifacts, fmt.Sprintf(`"s%02d-logs": {"type": "aws:cloudformation:stack", "environment": "aws://%012d/eu-west-1", "properties": {"templateFile": "%d.json", "tags": {"s3seal:stage": "s%02d"}}}`,
			i, i, file, i))
	}
	for name, text := range map[string]string{
		"manifest.json": `{"artifacts": {` + strings.Join(artifacts, ", ") + "}}",
		"1.json":        `{"Resources": {"A": {"Type": "AWS::S3::Bucket"}}}`,
		"2.json":        `{"Resources": {"A": {"Type": "AWS::S3::Bucket"}, "B": {"Type": "AWS::S3::Bucket"}}}`,
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func TestStacksOfManyStagesAreAFewRows(t *testing.T) {
	t.Parallel()
	table := func(n int, all bool) string {
		r, w := io.Pipe()
		c := &stacksCmd{Assembly: manyStacks(t, n), All: all}
		go func() { w.CloseWithError(c.Run(w)) }()
		data, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		return string(data)
	}
	const want = `STACK                    ACCOUNT       REGION     CONTAINS
own                      111122223333  us-east-1  1 bucket
*-logs of 39 stages      39 accounts   eu-west-1  1 bucket
s07-logs                 000000000007  eu-west-1  2 buckets
`
	words := func(text string) string { return strings.Join(strings.Fields(text), " ") }
	if got := table(40, false); words(got) != words(want) {
		t.Errorf("the table is\n%s\nwant\n%s", got, want)
	}
	for n, all := range map[int]bool{40: true, 20: false} {
		if got := strings.Count(table(n, all), "\n"); got != n+2 {
			t.Errorf("%d lines of %d stages, want %d", got, n, n+2)
		}
	}
}
