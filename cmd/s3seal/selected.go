package main

import "github.com/s3seal/s3seal/internal/stage"

// selected are the stages of a file that match any of the patterns, and the file.
func selected(path string, patterns []string) (*stage.File, []stage.Stage, error) {
	file, err := stage.Load(path)
	if err != nil {
		return nil, nil, err
	}
	stages, err := file.Select(patterns...)
	return file, stages, err
}
