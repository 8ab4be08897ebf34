package main

import (
	"encoding/json"
	"fmt"
	"os"

	"github.com/s3seal/s3seal/internal/stage"
)

// selectStages loads the stages file and picks the stage that the context
// names, or all.
func selectStages(path string) ([]stage.Stage, error) {
	file, err := stage.Load(path)
	if err != nil {
		return nil, err
	}
	name, err := contextStage()
	if err != nil || name == "" {
		return file.Stages, err
	}
	s, err := file.Stage(name)
	if err != nil {
		return nil, err
	}
	return []stage.Stage{*s}, nil
}

// contextStage is the value of `-c stage=NAME`, "" if there is none. The CLI
// hands the context to the app in CDK_CONTEXT_JSON, and what does not fit into
// the environment in the file that CONTEXT_OVERFLOW_LOCATION_ENV names; both
// are read here so that an unknown name fails before the CDK's kernel starts.
func contextStage() (string, error) {
	name, err := stageIn([]byte(os.Getenv("CDK_CONTEXT_JSON")))
	if err != nil || name != "" {
		return name, err
	}
	overflow := os.Getenv("CONTEXT_OVERFLOW_LOCATION_ENV")
	if overflow == "" {
		return "", nil
	}
	data, err := os.ReadFile(overflow)
	if err != nil {
		return "", fmt.Errorf("context: %w", err)
	}
	return stageIn(data)
}

func stageIn(data []byte) (string, error) {
	if len(data) == 0 {
		return "", nil
	}
	var context struct {
		Stage any `json:"stage"`
	}
	if err := json.Unmarshal(data, &context); err != nil {
		return "", fmt.Errorf("context: CDK_CONTEXT_JSON: %w", err)
	}
	switch v := context.Stage.(type) {
	case nil:
		return "", nil
	case string:
		return v, nil
	default:
		return "", fmt.Errorf("context: stage is %v: write -c stage=NAME once, with a stage of stages.yaml", v)
	}
}
