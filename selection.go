package main

import (
	"encoding/json"
	"fmt"
	"os"

	"github.com/s3seal/s3seal/internal/stage"
)

// selectStages loads the stages file, stages.yaml or what `-c stages=FILE`
// names, and picks the stage that `-c stage=NAME` names, or all.
func selectStages() ([]stage.Stage, error) {
	context, err := readContext()
	if err != nil {
		return nil, err
	}
	path, err := context.text("stages", stagesFile)
	if err != nil {
		return nil, err
	}
	name, err := context.text("stage", "")
	if err != nil {
		return nil, err
	}
	file, err := stage.Load(path)
	if err != nil {
		return nil, err
	}
	if name == "" {
		return file.Stages, nil
	}
	s, err := file.Stage(name)
	if err != nil {
		return nil, err
	}
	return []stage.Stage{*s}, nil
}

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

// text is the value of a key that can be given once.
func (c cdkContext) text(key, otherwise string) (string, error) {
	switch v := c[key].(type) {
	case nil:
		return otherwise, nil
	case string:
		return v, nil
	default:
		return "", fmt.Errorf("context: %s is %v: write -c %s=VALUE once", key, v, key)
	}
}
