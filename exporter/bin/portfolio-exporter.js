#!/usr/bin/env node
import '../../dist/exporter/src/main.js';
