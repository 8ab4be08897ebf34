package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/s3seal/s3seal/internal/snapshot"
)

// cliReportsKey is the CDK's: false where the CLI reads the report of the plugins,
// prints it and fails on it, so that the app doesn't.
const cliReportsKey = "@aws-cdk/core:failSynthOnValidationErrors"

// cdkContext is what `-c KEY=VALUE` and cdk.json say.
type cdkContext map[string]any

// readContext reads the context as the CLI hands it to the app: in
// CDK_CONTEXT_JSON, and what does not fit into the environment in the file that
// CONTEXT_OVERFLOW_LOCATION_ENV names. The CDK's kernel reads it too, but an
// unknown stage must fail before that starts.
func readContext() (cdkContext, error) {
	c := cdkContext{}
	if data := os.Getenv("CDK_CONTEXT_JSON"); data != "" {
		if err := json.Unmarshal([]byte(data), &c); err != nil {
			return nil, fmt.Errorf("context: CDK_CONTEXT_JSON: %w", err)
		}
	}
	if overflow := os.Getenv("CONTEXT_OVERFLOW_LOCATION_ENV"); overflow != "" {
		data, err := os.ReadFile(overflow)
		if err != nil {
			return nil, fmt.Errorf("context: %w", err)
		}
		if err := json.Unmarshal(data, &c); err != nil {
			return nil, fmt.Errorf("context: %s: %w", overflow, err)
		}
	}
	return c, nil
}

// isOther reports whether a stages file isn't the one that the app reads unless
// it is told otherwise, of which the snapshots are.
func isOther(path string) bool {
	own, ok := declaredContext()[stagesKey].(string)
	if !ok {
		own = stagesFile
	}
	return filepath.Clean(path) != filepath.Clean(own)
}

// text is the value of a key that can be given once; want is what the value is.
func (c cdkContext) text(key, otherwise, want string) (string, error) {
	switch v := c[key].(type) {
	case nil:
		return otherwise, nil
	case string:
		if v == "" {
			return "", fmt.Errorf("context: %s is empty: write -c %s=%s, or leave it out for %s", key, key, want, orAll(otherwise))
		}
		return v, nil
	default:
		return "", fmt.Errorf("context: %s is %v: write -c %s=VALUE once", key, v, key)
	}
}

func orAll(value string) string {
	if value == "" {
		return "all"
	}
	return value
}

// misspelt is about keys that are nearly ours. A stack of the user's own may
// read a key that looks so; then cdk.json declares it.
func (c cdkContext) misspelt() error {
	declared := declaredContext()
	var errs []error
	for _, key := range slices.Sorted(maps.Keys(c)) {
		if strings.Contains(key, ":") || strings.HasPrefix(key, "@") || declared[key] != nil {
			continue
		}
		if meant := meantKey(key); meant != "" && meant != key {
			errs = append(errs, fmt.Errorf("context: unknown key %q: did you mean -c %s=%v? If your own stacks read this key, add it to the context in cdk.json", key, meant, c[key]))
		}
	}
	return errors.Join(errs...)
}

// declaredContext is the context of cdk.json.
func declaredContext() map[string]any {
	app, err := snapshot.ReadApp(".")
	if err != nil {
		return nil // the CLI has read it; for the app alone there is none
	}
	return app.Context
}

// meantKey is the key of ours that is, or could be, meant, or "".
func meantKey(key string) string {
	ours := []string{stageKey, stagesKey, beforeKey, architectureKey, shardsKey}
	if slices.Contains(ours, key) {
		return key
	}
	plain := strings.NewReplacer("-", "", "_", "", ".", "", " ", "").Replace(strings.ToLower(key))
	if strings.HasPrefix(plain, stagesKey) { // which the next loop would read as stage
		return stagesKey
	}
	for _, k := range ours {
		beginning := len(plain) >= 3 && strings.HasPrefix(k, plain)
		if beginning || strings.HasPrefix(plain, k) || isSlip(plain, k) {
			return k
		}
	}
	return ""
}

// isSlip reports whether a letter more, less or other, or two letters that
// changed places, make b of a.
func isSlip(a, b string) bool {
	for a != "" && b != "" && a[0] == b[0] {
		a, b = a[1:], b[1:]
	}
	for a != "" && b != "" && a[len(a)-1] == b[len(b)-1] {
		a, b = a[:len(a)-1], b[:len(b)-1]
	}
	return len(a) <= 1 && len(b) <= 1 || len(a) == 2 && len(b) == 2 && a[0] == b[1] && a[1] == b[0]
}
