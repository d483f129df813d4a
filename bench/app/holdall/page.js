// Why: holdall, as its README says.

import { zip } from 'holdall'
import { onClick } from '../contestant.js'

onClick((files) => zip(files, { name: 'archive.zip' }).download())
