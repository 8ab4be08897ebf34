# sse-s3: with credentials of 111122223333, in cn-north-1

# New objects get this encryption; those that are there keep theirs.
aws s3api put-bucket-encryption \
  --bucket acme-2019 --server-side-encryption-configuration '{
  "Rules": [
    {
      "ApplyServerSideEncryptionByDefault": {
        "SSEAlgorithm": "AES256"
      },
      "BlockedEncryptionTypes": {
        "EncryptionType": [
          "SSE-C"
        ]
      },
      "BucketKeyEnabled": false
    }
  ]
}'

# The functions need versions. They can't be turned off again, only suspended.
aws s3api put-bucket-versioning \
  --bucket acme-2019 --versioning-configuration '{
  "Status": "Enabled"
}'

# It ends public access, also that of a website.
aws s3api put-public-access-block \
  --bucket acme-2019 --public-access-block-configuration '{
  "BlockPublicAcls": true,
  "BlockPublicPolicy": true,
  "IgnorePublicAcls": true,
  "RestrictPublicBuckets": true
}'

# It ends access by ACLs. S3 refuses it while the bucket's ACL grants anything to others.
aws s3api put-bucket-ownership-controls \
  --bucket acme-2019 --ownership-controls '{
  "Rules": [
    {
      "ObjectOwnership": "BucketOwnerEnforced"
    }
  ]
}'

# It replaces all lifecycle rules that the bucket has: add those that are to stay.
aws s3api put-bucket-lifecycle-configuration \
  --bucket acme-2019 --lifecycle-configuration '{
  "Rules": [
    {
      "AbortIncompleteMultipartUpload": {
        "DaysAfterInitiation": 7
      },
      "Filter": {
        "Prefix": ""
      },
      "ID": "DiscardIncompleteUploads",
      "Status": "Enabled"
    },
    {
      "Filter": {
        "Prefix": ""
      },
      "ID": "ExpireNoncurrentVersions",
      "NoncurrentVersionExpiration": {
        "NoncurrentDays": 30
      },
      "Status": "Enabled"
    }
  ]
}'

# It replaces the place of the server access logs, after the deployment of the logs stack.
aws s3api put-bucket-logging \
  --bucket acme-2019 --bucket-logging-status '{
  "LoggingEnabled": {
    "TargetBucket": "acme-data-logs-111122223333-cn-north-1-an",
    "TargetPrefix": "acme-2019/"
  }
}'

# It is an inventory of its own, after the deployment of the logs stack.
aws s3api put-bucket-inventory-configuration --id AllVersions \
  --bucket acme-2019 --inventory-configuration '{
  "Destination": {
    "S3BucketDestination": {
      "AccountId": "111122223333",
      "Bucket": "arn:aws-cn:s3:::acme-data-inventory-111122223333-cn-north-1-an",
      "Format": "CSV"
    }
  },
  "Id": "AllVersions",
  "IncludedObjectVersions": "All",
  "IsEnabled": true,
  "OptionalFields": [
    "Size",
    "LastModifiedDate",
    "EncryptionStatus",
    "BucketKeyStatus"
  ],
  "Schedule": {
    "Frequency": "Weekly"
  }
}'

# sse-kms-aws-managed: with credentials of 111122223333, in cn-north-1

# New objects get this encryption; those that are there keep theirs.
aws s3api put-bucket-encryption \
  --bucket acme-2020 --server-side-encryption-configuration '{
  "Rules": [
    {
      "ApplyServerSideEncryptionByDefault": {
        "SSEAlgorithm": "aws:kms"
      },
      "BlockedEncryptionTypes": {
        "EncryptionType": [
          "SSE-C"
        ]
      },
      "BucketKeyEnabled": true
    }
  ]
}'

# The functions need versions. They can't be turned off again, only suspended.
aws s3api put-bucket-versioning \
  --bucket acme-2020 --versioning-configuration '{
  "Status": "Enabled"
}'

# It ends public access, also that of a website.
aws s3api put-public-access-block \
  --bucket acme-2020 --public-access-block-configuration '{
  "BlockPublicAcls": true,
  "BlockPublicPolicy": true,
  "IgnorePublicAcls": true,
  "RestrictPublicBuckets": true
}'

# It ends access by ACLs. S3 refuses it while the bucket's ACL grants anything to others.
aws s3api put-bucket-ownership-controls \
  --bucket acme-2020 --ownership-controls '{
  "Rules": [
    {
      "ObjectOwnership": "BucketOwnerEnforced"
    }
  ]
}'

# It replaces all lifecycle rules that the bucket has: add those that are to stay.
aws s3api put-bucket-lifecycle-configuration \
  --bucket acme-2020 --lifecycle-configuration '{
  "Rules": [
    {
      "AbortIncompleteMultipartUpload": {
        "DaysAfterInitiation": 7
      },
      "Filter": {
        "Prefix": ""
      },
      "ID": "DiscardIncompleteUploads",
      "Status": "Enabled"
    },
    {
      "Filter": {
        "Prefix": ""
      },
      "ID": "ExpireNoncurrentVersions",
      "NoncurrentVersionExpiration": {
        "NoncurrentDays": 30
      },
      "Status": "Enabled"
    }
  ]
}'

# It replaces the place of the server access logs, after the deployment of the logs stack.
aws s3api put-bucket-logging \
  --bucket acme-2020 --bucket-logging-status '{
  "LoggingEnabled": {
    "TargetBucket": "acme-data-logs-111122223333-cn-north-1-an",
    "TargetPrefix": "acme-2020/"
  }
}'

# It is an inventory of its own, after the deployment of the logs stack.
aws s3api put-bucket-inventory-configuration --id AllVersions \
  --bucket acme-2020 --inventory-configuration '{
  "Destination": {
    "S3BucketDestination": {
      "AccountId": "111122223333",
      "Bucket": "arn:aws-cn:s3:::acme-data-inventory-111122223333-cn-north-1-an",
      "Format": "CSV"
    }
  },
  "Id": "AllVersions",
  "IncludedObjectVersions": "All",
  "IsEnabled": true,
  "OptionalFields": [
    "Size",
    "LastModifiedDate",
    "EncryptionStatus",
    "BucketKeyStatus"
  ],
  "Schedule": {
    "Frequency": "Weekly"
  }
}'

# The statements that the policy of the bucket acme-2020
# must have.
cat > data-sse-kms-aws-managed-bucket-policy.json <<'EOF'
{
  "Version": "2012-10-17",
  "Statement": [
    {
      "Sid": "DenyInsecureTransport",
      "Effect": "Deny",
      "Principal": "*",
      "Action": "s3:*",
      "Resource": [
        "arn:aws-cn:s3:::acme-2020",
        "arn:aws-cn:s3:::acme-2020/*"
      ],
      "Condition": {
        "Bool": {
          "aws:SecureTransport": "false"
        }
      }
    },
    {
      "Sid": "DenyOldTLS",
      "Effect": "Deny",
      "Principal": "*",
      "Action": "s3:*",
      "Resource": [
        "arn:aws-cn:s3:::acme-2020",
        "arn:aws-cn:s3:::acme-2020/*"
      ],
      "Condition": {
        "NumericLessThan": {
          "s3:TlsVersion": "1.2"
        }
      }
    },
    {
      "Sid": "DenyForeignKey",
      "Effect": "Deny",
      "Principal": "*",
      "Action": [
        "s3:PutObject",
        "s3:ReplicateObject",
        "s3:UpdateObjectEncryption"
      ],
      "Resource": "arn:aws-cn:s3:::acme-2020/*",
      "Condition": {
        "ArnNotLike": {
          "s3:x-amz-server-side-encryption-aws-kms-key-id": [
            "arn:aws-cn:kms:cn-north-1:111122223333:alias/aws/s3",
            "arn:aws-cn:kms:cn-north-1:111122223333:key/*"
          ]
        },
        "Null": {
          "s3:x-amz-server-side-encryption-aws-kms-key-id": "false"
        }
      }
    },
    {
      "Sid": "DenyOtherAccounts",
      "Effect": "Deny",
      "Principal": "*",
      "Action": [
        "s3:PutObject",
        "s3:ReplicateObject"
      ],
      "Resource": "arn:aws-cn:s3:::acme-2020/*",
      "Condition": {
        "Bool": {
          "aws:PrincipalIsAWSService": "false"
        },
        "StringNotEquals": {
          "aws:PrincipalAccount": "111122223333"
        }
      }
    },
    {
      "Sid": "DenySSEC",
      "Effect": "Deny",
      "Principal": "*",
      "Action": [
        "s3:PutObject",
        "s3:ReplicateObject"
      ],
      "Resource": "arn:aws-cn:s3:::acme-2020/*",
      "Condition": {
        "Null": {
          "s3:x-amz-server-side-encryption-customer-algorithm": "false"
        }
      }
    }
  ]
}
EOF

# sse-kms-cmk: with credentials of 111122223333, in cn-north-1

# New objects get this encryption; those that are there keep theirs.
aws s3api put-bucket-encryption \
  --bucket acme-2021 --server-side-encryption-configuration '{
  "Rules": [
    {
      "ApplyServerSideEncryptionByDefault": {
        "KMSMasterKeyID": "arn:aws-cn:kms:cn-north-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab",
        "SSEAlgorithm": "aws:kms"
      },
      "BlockedEncryptionTypes": {
        "EncryptionType": [
          "SSE-C"
        ]
      },
      "BucketKeyEnabled": false
    }
  ]
}'

# The functions need versions. They can't be turned off again, only suspended.
aws s3api put-bucket-versioning \
  --bucket acme-2021 --versioning-configuration '{
  "Status": "Enabled"
}'

# It ends public access, also that of a website.
aws s3api put-public-access-block \
  --bucket acme-2021 --public-access-block-configuration '{
  "BlockPublicAcls": true,
  "BlockPublicPolicy": true,
  "IgnorePublicAcls": true,
  "RestrictPublicBuckets": true
}'

# It ends access by ACLs. S3 refuses it while the bucket's ACL grants anything to others.
aws s3api put-bucket-ownership-controls \
  --bucket acme-2021 --ownership-controls '{
  "Rules": [
    {
      "ObjectOwnership": "BucketOwnerEnforced"
    }
  ]
}'

# It replaces all lifecycle rules that the bucket has: add those that are to stay.
aws s3api put-bucket-lifecycle-configuration \
  --bucket acme-2021 --lifecycle-configuration '{
  "Rules": [
    {
      "AbortIncompleteMultipartUpload": {
        "DaysAfterInitiation": 7
      },
      "Filter": {
        "Prefix": ""
      },
      "ID": "DiscardIncompleteUploads",
      "Status": "Enabled"
    },
    {
      "Filter": {
        "Prefix": ""
      },
      "ID": "ExpireNoncurrentVersions",
      "NoncurrentVersionExpiration": {
        "NoncurrentDays": 30
      },
      "Status": "Enabled"
    }
  ]
}'

# It replaces the place of the server access logs, after the deployment of the logs stack.
aws s3api put-bucket-logging \
  --bucket acme-2021 --bucket-logging-status '{
  "LoggingEnabled": {
    "TargetBucket": "acme-data-logs-111122223333-cn-north-1-an",
    "TargetPrefix": "acme-2021/"
  }
}'

# It is an inventory of its own, after the deployment of the logs stack.
aws s3api put-bucket-inventory-configuration --id AllVersions \
  --bucket acme-2021 --inventory-configuration '{
  "Destination": {
    "S3BucketDestination": {
      "AccountId": "111122223333",
      "Bucket": "arn:aws-cn:s3:::acme-data-inventory-111122223333-cn-north-1-an",
      "Format": "CSV"
    }
  },
  "Id": "AllVersions",
  "IncludedObjectVersions": "All",
  "IsEnabled": true,
  "OptionalFields": [
    "Size",
    "LastModifiedDate",
    "EncryptionStatus",
    "BucketKeyStatus"
  ],
  "Schedule": {
    "Frequency": "Weekly"
  }
}'

# The statements that the policy of the key
# arn:aws-cn:kms:cn-north-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab
# must have. AccountAccess lets the functions' own policies admit them.
cat > data-sse-kms-cmk-key-policy.json <<'EOF'
{
  "Version": "2012-10-17",
  "Statement": [
    {
      "Sid": "AccountAccess",
      "Effect": "Allow",
      "Principal": {
        "AWS": "arn:aws-cn:iam::111122223333:root"
      },
      "Action": "kms:*",
      "Resource": "*"
    },
    {
      "Sid": "KeyUsers",
      "Effect": "Allow",
      "Principal": {
        "AWS": "arn:aws-cn:iam::111122223333:role/app"
      },
      "Action": [
        "kms:Decrypt",
        "kms:GenerateDataKey"
      ],
      "Resource": "*",
      "Condition": {
        "StringEquals": {
          "kms:ViaService": "s3.cn-north-1.amazonaws.com.cn"
        },
        "StringLike": {
          "kms:EncryptionContext:aws:s3:arn": [
            "arn:aws-cn:s3:::acme-2021",
            "arn:aws-cn:s3:::acme-2021/*"
          ]
        }
      }
    }
  ]
}
EOF

# dsse-kms: with credentials of 111122223333, in cn-north-1

# The statements that the policy of the key
# arn:aws-cn:kms:cn-north-1:111122223333:key/9999abcd-12ab-34cd-56ef-1234567890ab
# must have. AccountAccess lets the functions' own policies admit them.
cat > data-dsse-kms-key-policy.json <<'EOF'
{
  "Version": "2012-10-17",
  "Statement": [
    {
      "Sid": "AccountAccess",
      "Effect": "Allow",
      "Principal": {
        "AWS": "arn:aws-cn:iam::111122223333:root"
      },
      "Action": "kms:*",
      "Resource": "*"
    },
    {
      "Sid": "KeyUsers",
      "Effect": "Allow",
      "Principal": {
        "AWS": "arn:aws-cn:iam::111122223333:role/app"
      },
      "Action": [
        "kms:Decrypt",
        "kms:GenerateDataKey"
      ],
      "Resource": "*",
      "Condition": {
        "StringEquals": {
          "kms:ViaService": "s3.cn-north-1.amazonaws.com.cn"
        },
        "StringLike": {
          "kms:EncryptionContext:aws:s3:arn": [
            "arn:aws-cn:s3:::acme-data-dsse-kms-111122223333-cn-north-1-an",
            "arn:aws-cn:s3:::acme-data-dsse-kms-111122223333-cn-north-1-an/*"
          ]
        }
      }
    }
  ]
}
EOF

# sse-c: with credentials of 111122223333, in cn-north-1

# New objects get this encryption; those that are there keep theirs.
aws s3api put-bucket-encryption \
  --bucket acme-2022 --server-side-encryption-configuration '{
  "Rules": [
    {
      "ApplyServerSideEncryptionByDefault": {
        "SSEAlgorithm": "AES256"
      },
      "BlockedEncryptionTypes": {
        "EncryptionType": [
          "NONE"
        ]
      },
      "BucketKeyEnabled": false
    }
  ]
}'

# The functions need versions. They can't be turned off again, only suspended.
aws s3api put-bucket-versioning \
  --bucket acme-2022 --versioning-configuration '{
  "Status": "Enabled"
}'

# It ends public access, also that of a website.
aws s3api put-public-access-block \
  --bucket acme-2022 --public-access-block-configuration '{
  "BlockPublicAcls": true,
  "BlockPublicPolicy": true,
  "IgnorePublicAcls": true,
  "RestrictPublicBuckets": true
}'

# It ends access by ACLs. S3 refuses it while the bucket's ACL grants anything to others.
aws s3api put-bucket-ownership-controls \
  --bucket acme-2022 --ownership-controls '{
  "Rules": [
    {
      "ObjectOwnership": "BucketOwnerEnforced"
    }
  ]
}'

# It replaces all lifecycle rules that the bucket has: add those that are to stay.
aws s3api put-bucket-lifecycle-configuration \
  --bucket acme-2022 --lifecycle-configuration '{
  "Rules": [
    {
      "AbortIncompleteMultipartUpload": {
        "DaysAfterInitiation": 7
      },
      "Filter": {
        "Prefix": ""
      },
      "ID": "DiscardIncompleteUploads",
      "Status": "Enabled"
    },
    {
      "Filter": {
        "Prefix": ""
      },
      "ID": "ExpireNoncurrentVersions",
      "NoncurrentVersionExpiration": {
        "NoncurrentDays": 30
      },
      "Status": "Enabled"
    }
  ]
}'

# It replaces the place of the server access logs, after the deployment of the logs stack.
aws s3api put-bucket-logging \
  --bucket acme-2022 --bucket-logging-status '{
  "LoggingEnabled": {
    "TargetBucket": "acme-data-logs-111122223333-cn-north-1-an",
    "TargetPrefix": "acme-2022/"
  }
}'

# It is an inventory of its own, after the deployment of the logs stack.
aws s3api put-bucket-inventory-configuration --id AllVersions \
  --bucket acme-2022 --inventory-configuration '{
  "Destination": {
    "S3BucketDestination": {
      "AccountId": "111122223333",
      "Bucket": "arn:aws-cn:s3:::acme-data-inventory-111122223333-cn-north-1-an",
      "Format": "CSV"
    }
  },
  "Id": "AllVersions",
  "IncludedObjectVersions": "All",
  "IsEnabled": true,
  "OptionalFields": [
    "Size",
    "LastModifiedDate",
    "EncryptionStatus",
    "BucketKeyStatus"
  ],
  "Schedule": {
    "Frequency": "Weekly"
  }
}'

# The statements that the policy of the bucket acme-2022
# must have.
cat > data-sse-c-bucket-policy.json <<'EOF'
{
  "Version": "2012-10-17",
  "Statement": [
    {
      "Sid": "DenyInsecureTransport",
      "Effect": "Deny",
      "Principal": "*",
      "Action": "s3:*",
      "Resource": [
        "arn:aws-cn:s3:::acme-2022",
        "arn:aws-cn:s3:::acme-2022/*"
      ],
      "Condition": {
        "Bool": {
          "aws:SecureTransport": "false"
        }
      }
    },
    {
      "Sid": "DenyOldTLS",
      "Effect": "Deny",
      "Principal": "*",
      "Action": "s3:*",
      "Resource": [
        "arn:aws-cn:s3:::acme-2022",
        "arn:aws-cn:s3:::acme-2022/*"
      ],
      "Condition": {
        "NumericLessThan": {
          "s3:TlsVersion": "1.2"
        }
      }
    },
    {
      "Sid": "DenyForeignKey",
      "Effect": "Deny",
      "Principal": "*",
      "Action": [
        "s3:PutObject",
        "s3:ReplicateObject",
        "s3:UpdateObjectEncryption"
      ],
      "Resource": "arn:aws-cn:s3:::acme-2022/*",
      "Condition": {
        "ArnNotLike": {
          "s3:x-amz-server-side-encryption-aws-kms-key-id": [
            "arn:aws-cn:kms:cn-north-1:111122223333:alias/aws/s3",
            "arn:aws-cn:kms:cn-north-1:111122223333:key/*"
          ]
        },
        "Null": {
          "s3:x-amz-server-side-encryption-aws-kms-key-id": "false"
        }
      }
    },
    {
      "Sid": "DenyForeignAWSManagedKey",
      "Effect": "Deny",
      "Principal": "*",
      "Action": [
        "s3:PutObject",
        "s3:ReplicateObject"
      ],
      "Resource": "arn:aws-cn:s3:::acme-2022/*",
      "Condition": {
        "Bool": {
          "aws:PrincipalIsAWSService": "false"
        },
        "Null": {
          "s3:x-amz-server-side-encryption-aws-kms-key-id": "true"
        },
        "StringEquals": {
          "s3:x-amz-server-side-encryption": [
            "aws:kms",
            "aws:kms:dsse"
          ]
        },
        "StringNotEquals": {
          "aws:PrincipalAccount": "111122223333"
        }
      }
    },
    {
      "Sid": "RequireSSEC",
      "Effect": "Deny",
      "Principal": "*",
      "Action": "s3:PutObject",
      "Resource": "arn:aws-cn:s3:::acme-2022/*",
      "Condition": {
        "Null": {
          "s3:x-amz-server-side-encryption-customer-algorithm": "true"
        }
      }
    },
    {
      "Sid": "RequireSSECReplicas",
      "Effect": "Deny",
      "Principal": "*",
      "Action": "s3:ReplicateObject",
      "Resource": "arn:aws-cn:s3:::acme-2022/*",
      "Condition": {
        "Null": {
          "s3:x-amz-server-side-encryption": "false"
        }
      }
    }
  ]
}
EOF

# replicas: with credentials of 777788889999, in cn-northwest-1

# S3 replicates only into a bucket with versions. They can't be turned off again, only suspended.
aws s3api put-bucket-versioning \
  --bucket backup-of-acme --versioning-configuration '{
  "Status": "Enabled"
}'

# The statements that the policy of the bucket backup-of-acme
# must have.
cat > data-replicas-bucket-policy.json <<'EOF'
{
  "Version": "2012-10-17",
  "Statement": [
    {
      "Sid": "AdmitReplicas",
      "Effect": "Allow",
      "Principal": {
        "AWS": "arn:aws-cn:iam::111122223333:root"
      },
      "Action": [
        "s3:ReplicateObject",
        "s3:ReplicateTags"
      ],
      "Resource": "arn:aws-cn:s3:::backup-of-acme/*",
      "Condition": {
        "ArnEquals": {
          "aws:PrincipalArn": "arn:aws-cn:iam::111122223333:role/acme-data-replication"
        }
      }
    },
    {
      "Sid": "DenyOtherKey",
      "Effect": "Deny",
      "Principal": "*",
      "Action": [
        "s3:PutObject",
        "s3:ReplicateObject",
        "s3:UpdateObjectEncryption"
      ],
      "Resource": "arn:aws-cn:s3:::backup-of-acme/*",
      "Condition": {
        "ArnNotEquals": {
          "s3:x-amz-server-side-encryption-aws-kms-key-id": "arn:aws-cn:kms:cn-northwest-1:777788889999:key/1234abcd-12ab-34cd-56ef-1234567890ab"
        },
        "Null": {
          "s3:x-amz-server-side-encryption-aws-kms-key-id": "false"
        }
      }
    },
    {
      "Sid": "DenyKeylessReplicas",
      "Effect": "Deny",
      "Principal": "*",
      "Action": "s3:ReplicateObject",
      "Resource": "arn:aws-cn:s3:::backup-of-acme/*",
      "Condition": {
        "Null": {
          "s3:x-amz-server-side-encryption-aws-kms-key-id": "true"
        },
        "StringEquals": {
          "s3:x-amz-server-side-encryption": [
            "aws:kms",
            "aws:kms:dsse"
          ]
        }
      }
    },
    {
      "Sid": "DenyOtherReplicas",
      "Effect": "Deny",
      "Principal": "*",
      "Action": "s3:ReplicateObject",
      "Resource": "arn:aws-cn:s3:::backup-of-acme/*",
      "Condition": {
        "Null": {
          "s3:x-amz-server-side-encryption": "false"
        },
        "StringNotEquals": {
          "s3:x-amz-server-side-encryption": "aws:kms"
        }
      }
    }
  ]
}
EOF

# The statements that the policy of the key
# arn:aws-cn:kms:cn-northwest-1:777788889999:key/1234abcd-12ab-34cd-56ef-1234567890ab
# must have.
cat > data-replicas-key-policy.json <<'EOF'
{
  "Version": "2012-10-17",
  "Statement": [
    {
      "Sid": "EncryptReplicas",
      "Effect": "Allow",
      "Principal": {
        "AWS": "arn:aws-cn:iam::111122223333:root"
      },
      "Action": [
        "kms:Decrypt",
        "kms:Encrypt",
        "kms:GenerateDataKey"
      ],
      "Resource": "*",
      "Condition": {
        "ArnEquals": {
          "aws:PrincipalArn": "arn:aws-cn:iam::111122223333:role/acme-data-replication"
        },
        "StringEquals": {
          "kms:ViaService": "s3.cn-northwest-1.amazonaws.com.cn"
        },
        "StringLike": {
          "kms:EncryptionContext:aws:s3:arn": [
            "arn:aws-cn:s3:::backup-of-acme",
            "arn:aws-cn:s3:::backup-of-acme/*"
          ]
        }
      }
    }
  ]
}
EOF

