package main

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
)

// typeScript is the peer, as `make bench` builds it: its folder has the stages
// again, as an app of the CDK in TypeScript.
const typeScript = "build/cdk-typescript/js/app.js"

// place is an account and a Region.
type place struct {
	Account string `json:"account"`
	Region  string `json:"region"`
}

// stageOf is the stage of a number, as the peer reads it.
type stageOf struct {
	Name    string `json:"name"`
	Prefix  string `json:"prefix"`
	Source  place  `json:"source"`
	Replica place  `json:"replica"`
	Code    string `json:"code"`
}

func stageNumber(i int) stageOf {
	return stageOf{
		Name: fmt.Sprintf("s%d", i), Prefix: fmt.Sprintf("acme-s%d", i),
		Source:  place{fmt.Sprintf("%012d", 100000000000+i), "us-east-1"},
		Replica: place{fmt.Sprintf("%012d", 200000000000+i), "us-west-2"},
		Code:    "build/lambda/arm64",
	}
}

// sameResources says what one of two assemblies has more of than the other: a
// peer that makes less would be faster for that reason.
func sameResources(ours, theirs string) error {
	a, err := countResources(ours)
	if err != nil {
		return err
	}
	b, err := countResources(theirs)
	if err != nil {
		return err
	}
	for _, kind := range slices.Sorted(maps.Keys(a)) {
		if a[kind] != b[kind] {
			return fmt.Errorf("the app makes %d of %s, the peer %d: change test/bench/cdk-typescript", a[kind], kind, b[kind])
		}
	}
	if len(a) != len(b) || len(a) == 0 {
		return fmt.Errorf("the app makes %v, the peer %v: change test/bench/cdk-typescript", a, b)
	}
	return nil
}

// countResources counts the resources of an assembly by type, and what costs time
// besides: outputs, metadata and dependencies.
func countResources(dir string) (map[string]int, error) {
	files, err := filepath.Glob(filepath.Join(dir, "*.template.json"))
	if err != nil {
		return nil, err
	}
	counts := map[string]int{}
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			return nil, err
		}
		var template struct {
			Outputs   map[string]any
			Resources map[string]struct {
				Type      string
				Metadata  any
				DependsOn any
			}
		}
		if err := json.Unmarshal(data, &template); err != nil {
			return nil, fmt.Errorf("%s: %w", file, err)
		}
		counts["templates"]++
		counts["outputs"] += len(template.Outputs)
		for _, r := range template.Resources {
			counts[r.Type]++
			if r.Metadata != nil {
				counts["resources with metadata"]++
			}
			if r.DependsOn != nil {
				counts["resources with dependencies"]++
			}
		}
	}
	return counts, nil
}
