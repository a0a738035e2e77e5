package io.multistatus.execution;

import io.multistatus.model.Problem;
import io.multistatus.model.Subrequest;

/** What the items of a group are told that did not come about; none of their effects remains, unless it is said. */
final class GroupProblems {
    private GroupProblems() {}

    /** 424: another item of the group failed, and all of them have been undone. */
    static Problem rolledBack(AtomicGroup group, Subrequest culprit, int status) {
        return failedDependency(group, "rolled-back", "The group of the item has been rolled back")
                .detail("Item '" + culprit.label() + "' of atomicityGroup " + Problem.quote(group.name())
                        + " ended with " + status + "; nothing of the group remains")
                .with("culprit", culprit.label());
    }

    /** 424: another item of the group cannot run, so none of them has. */
    static Problem notRun(AtomicGroup group, Subrequest culprit, int status) {
        return failedDependency(group, "rolled-back", "The group of the item has not run")
                .detail("Item '" + culprit.label() + "' of atomicityGroup " + Problem.quote(group.name())
                        + " ended with " + status + "; nothing of the group has run")
                .with("culprit", culprit.label());
    }

    /** 424: all items succeeded, but their effects could not be made to last. */
    static Problem notCommitted(AtomicGroup group) {
        return failedDependency(group, "commit-failed", "The group of the item could not be committed")
                .detail("The transaction of atomicityGroup " + Problem.quote(group.name())
                        + " could not be committed; nothing of the group remains. The log of the app says why");
    }

    /** 504, or what else ended the waiting: whether the effects last is not known. */
    static Problem inDoubt(AtomicGroup group, int status) {
        return Problem.of(status, "commit-in-doubt", "Whether the group of the item has been committed is not known")
                .detail("The commit of atomicityGroup " + Problem.quote(group.name())
                        + " did not come to a known end; look before posting the group again")
                .with("group", group.name());
    }

    /** 503: there was no transaction to be had. */
    static Problem noTransaction(AtomicGroup group) {
        return Problem.of(503, "transaction-unavailable", "There is no transaction to be had now")
                .detail("No transaction could be begun for atomicityGroup " + Problem.quote(group.name())
                        + "; nothing of the group has run. The log of the app says why")
                .with("group", group.name());
    }

    /** 501: what an asynchronous handler does is in no transaction. */
    static Problem asynchronous(AtomicGroup group, Subrequest item) {
        return Problem.of(501, "asynchronous-in-group", "The item is asynchronous, which no transaction reaches")
                .detail("The handler of item '" + item.label() + "' went on on another thread, where the transaction of"
                        + " atomicityGroup " + Problem.quote(group.name())
                        + " is not; what it does there is not undone")
                .with("group", group.name());
    }

    private static Problem failedDependency(AtomicGroup group, String name, String title) {
        return Problem.of(424, name, title).with("group", group.name());
    }
}
