package faults

// registry is every fault, in the order of the table.
func registry(o Options) []fault {
	return []fault{
		killed(),
		restarted(),
		powerCut(),
		fsyncFails(),
		slowDisk(),
		diskFull(),
		databaseKilled(),
		databaseHangs(),
		serverHangs(),
		halfOpen(),
		slowReader(),
		asleep(),
		clockJumps(),
		tooManyFiles(),
		everyoneBack(o),
		throughTrouble(),
		filesDiskFull(),
		slowUpload(),
		scannerGone(),
		retentionKilled(),
		backedUp(),
		natsLost(),
		rollingRestart(),
		nodeKilled(),
		natsParted(),
		lossyLines(),
		allNodesKilled(o),
		nodesBackedUp(),
		rollingUpgrade(),
		galeraKilled(),
		galeraCutOff(),
	}
}
