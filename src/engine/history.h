/* History: going to any moment of a run, forwards and backwards.
 *
 *     step    0 . . . 4 . . . 8 . . . 12            . a step      | a keyframe: parameters, m and v as a step begins
 *             |       |       |       |
 *                          <--+--->X               to X: the keyframe before it, then a short replay
 *
 * The state at a moment is a function of the moment alone: replay runs the same operations on the
 * same numbers, so it gives the same bits however one came there. Keyframes are taken on the way;
 * how many steps lie between two follows from what they may take in memory, so longer runs and
 * larger models have fewer and never none. One more, the numbers with which the step on the tape
 * began, makes going back within a step cheap: values of its nodes are still there.
 *
 * Events are what the reader changed: a number or a setting, at a moment. They are part of the
 * line: going back before one un-does it, going forward does it again. An event belongs to the
 * state at its moment: it has happened when one stands there. */
#ifndef GPTOSCOPE_ENGINE_HISTORY_H
#define GPTOSCOPE_ENGINE_HISTORY_H

#include "engine/trainer.h"

#define HISTORY_BYTES ((size_t)32 << 20) /* of keyframes, unless told otherwise */

typedef enum EventKind {
    EVENT_VALUE,  /* value[index] = number: a parameter, or a node that is computed */
    EVENT_GRAD,   /* grad[index] = number */
    EVENT_SETTING, /* setting settings_table[index] = number; from this moment on */
    EVENT_M,       /* m[index] = number: a running mean of the optimiser */
    EVENT_V,       /* v[index] = number */
    EVENT_TOKEN,   /* token[index] = number: of the document of a step, before its first operation */
    EVENT_KINDS
} EventKind;

typedef struct Event {
    Moment at;
    EventKind kind;
    int32_t index;
    double number;
    int serial; /* order of making: undo takes back the largest */
} Event;

enum { HISTORY_EVENTS = 4096 };

typedef struct History {
    Trainer *trainer;  /* borrowed; moved only through the history from now on */
    Settings settings; /* before any event */
    Moment begin;      /* the first moment that can be reached */
    int64_t spacing;   /* steps between two keyframes */
    int64_t frames;    /* room: keyframe k is of step begin.step + k spacing */
    double *frame;     /* [frames][3 params]: value, m, v */
    uint8_t *taken;    /* [frames] whether it is there */
    double *carried;   /* [frames][params]: gradients that a step began with; NULL while they are always 0 */
    double *start;     /* [4 params]: as the step on the tape began: value, m, v, gradients */
    Event *event;      /* [HISTORY_EVENTS] by moment, then in the order of making */
    int events;
    int applied;       /* how many of them have happened at the trainer's moment */
    Event *undone;     /* [HISTORY_EVENTS] taken back, latest last */
    int undos;
    int serial;
} History;

/* The trainer must stand where its run begins: at moment 0 or where a saved run was restored;
 * moments before that cannot be reached. bytes: room for keyframes, at least one is made. Errors:
 * memory. */
bool history_init(History *history, Trainer *trainer, size_t bytes, Error *error);
void history_release(History *history);

typedef enum Approach {
    APPROACH_MOVING,  /* not there yet */
    APPROACH_ARRIVED, /* there: at target, or where it is cut to if its step has no such moment */
    APPROACH_STOPPED  /* the run ends or fails before the target: it stands there */
} Approach;

/* Moves towards target: whole steps on the way by the fused kernels, then operation by operation,
 * at most to the end of a step. `operations` bounds the work, in operations of the tape. */
Approach history_approach(History *history, Moment target, int64_t operations);

/* Goes to target, however far. Returns false where the run ends or fails before it: one then stands
 * there. */
bool history_seek(History *history, Moment target);

/* Goes to a moment as it was written, also to a place in it. Errors: the run has no such moment; it
 * then stands where it stood. */
bool history_go(History *history, const MomentName *name, Error *error);

/* Stands before the first operation of a step (after the last: at the end) with numbers that the run
 * of this line is known to have there, [params] each: those of a saved run. What came before stays on
 * the line, and is replayed by whoever goes back. */
void history_adopt(History *history, int64_t step, const double *value, const double *m,
                   const double *v, const double *grad);

/* Makes an event at the trainer's moment: the state changes at once, and everything later is
 * forgotten. Errors: too many events; the index is out of range or its number is not computed yet;
 * a setting that cannot have the number, or cannot change at this moment (engine/settings.h);
 * memory. */
bool history_edit(History *history, EventKind kind, int32_t index, double number, Error *error);

/* The same, where it belongs: goes back to just after the operation that made the number, lets the
 * event happen there, and replays to where the trainer stood, so that all that was computed from the
 * number is computed from the new one. *at is then the event's moment.
 *
 *     a node's value                     as it is computed
 *     a parameter; a token               as the step begins that computes with it
 *     a gradient                         as its node is visited; of a parameter, as the update begins
 *     m, v; what only later steps use    here
 *     an option of the graph             as the step under way begins; then to the same place again
 *
 * Where the run now fails on the way, it stands there. Errors: those of history_edit; it then stands
 * where it stood. */
bool history_revise(History *history, EventKind kind, int32_t index, double number, Moment *at,
                    Error *error);

/* Whether an event of that kind can change a number of that index at the trainer's moment: there is
 * one, and it is computed. */
bool history_has_number(const Trainer *trainer, EventKind kind, int32_t index, Error *error);

/* The moment of such an event. */
Moment history_origin(const History *history, EventKind kind, int32_t index);

/* Puts an event on the line, at a moment that has not come yet or has just come. Errors: too many
 * events; no such moment or number in this run. */
bool history_plan(History *history, Event event, Error *error);

/* Whether an event may be put there, for those of a file that are to be made again later. Errors:
 * those of history_plan. */
bool history_allows(History *history, const Event *event, Error *error);

/* Takes back the event made last, or makes it again; *at is its moment, to which the history goes.
 * false: there is none. */
bool history_undo(History *history, Moment *at);
bool history_redo(History *history, Moment *at);

/* The settings that hold at a moment of the line, whatever the trainer's is: with every change at
 * or before it. */
Settings history_settings_at(const History *history, Moment at);

/* A digest of everything that makes up the state at the trainer's moment: parameters, m, v, values
 * and gradients computed so far, random state, settings. */
void history_digest(const History *history, uint8_t digest[32]);

#endif
