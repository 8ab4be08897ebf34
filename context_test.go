package main

import "testing"

func TestContextKeysThatAreNearlyOurs(t *testing.T) {
	for key, want := range map[string]string{
		"shards": "shards", "shard": "shards", "Shards": "shards",
		"stage": "stage", "stages": "stages", "before": "before",
		"stag": "stage", "sta": "stage", "Stage": "stage", "STAGE": "stage", "stge": "stage", "satge": "stage", "sttage": "stage", "state": "stage",
		"stageName": "stage", "stage-name": "stage", "stage ": "stage", "Stages": "stages", "stagess": "stages",
		"befor": "before", "Before": "before",
		"architecture": "architecture", "arch": "architecture", "architectures": "architecture", "Architecture": "architecture", "architechture": "architecture",
		// Keys that the user's own stacks may well read.
		"vpc": "", "account": "", "env": "", "s": "", "st": "", "image": "", "usage": "", "storage": "", "page": "", "region": "", "share": "",
	} {
		if got := meantKey(key); got != want {
			t.Errorf("%s: meant is %q, want %q", key, got, want)
		}
	}
}
