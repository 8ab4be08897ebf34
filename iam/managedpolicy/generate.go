//go:build ignore

// Generate writes policies/ from moto's copy of the AWS managed policies, the file
// moto/iam/aws_managed_policies.py, as make managedpolicy does:
//
//	go run generate.go FILE [NAME...]
//
// It renews those that are there, and adds those that are named.
package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

func main() {
	if err := run(os.Args[1], os.Args[2:]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(from string, names []string) error {
	text, err := os.ReadFile(from)
	if err != nil {
		return err
	}
	_, text, _ = bytes.Cut(text, []byte(`"""`))
	text, _, _ = bytes.Cut(text, []byte(`"""`))
	var all map[string]struct {
		Path, DefaultVersionId, UpdateDate string
		Document                           struct {
			Version   string
			Id        string
			Statement json.RawMessage
		}
	}
	if err := json.Unmarshal(text, &all); err != nil {
		return err
	}
	there, err := filepath.Glob("policies/*.json")
	if err != nil {
		return err
	}
	for _, file := range there {
		names = append(names, strings.TrimSuffix(filepath.Base(file), ".json"))
	}
	for _, name := range names {
		p, ok := all[name]
		if !ok {
			return fmt.Errorf("%s: no policy of that name", name)
		}
		var statements []json.RawMessage
		if json.Unmarshal(p.Document.Statement, &statements) != nil {
			statements = []json.RawMessage{p.Document.Statement}
		}
		var out bytes.Buffer
		fmt.Fprintf(&out, "{\"ARN\": %q, \"Version\": %q, \"Edited\": %q, \"Document\": {\"Version\": %q, \"Statement\": [",
			"arn:aws:iam::aws:policy"+p.Path+name, p.DefaultVersionId, p.UpdateDate[:len("2006-01-02")], p.Document.Version)
		for i, s := range statements { // one a line, so that a diff shows which changed
			out.WriteString(strings.Repeat(",", min(i, 1)) + "\n")
			if err := json.Compact(&out, s); err != nil {
				return err
			}
		}
		out.WriteString("\n]}}\n")
		if err := os.WriteFile("policies/"+name+".json", out.Bytes(), 0o644); err != nil {
			return err
		}
	}
	return nil
}
