using FeedbackAlignment.Experiments.Runs;
using FeedbackAlignment.Experiments.Studies;

namespace FeedbackAlignment.Experiments.Tests.Studies;

public sealed class ClaimBoardTests
{
    private const double Stale = 2;

    private readonly MemoryFiles _server = new();

    [Fact]
    public void OfTwoWhoClaimARunOneHasIt()
    {
        var (first, second) = (Board("a"), Board("a"));
        Assert.NotNull(first.TryNext());
        Assert.Null(second.TryNext());
        Assert.Equal((0, 1), (first.Others, second.Others));
    }

    [Fact]
    public void RunsAreClaimedInTheirOrder()
    {
        var board = Board("c", "a", "b");
        Assert.Equal(["c.1", "a.1", "b.1"], Enumerable.Range(0, 3).Select(_ => board.TryNext()!.Name.ToString()));
        Assert.Null(board.TryNext());
    }

    [Fact]
    public void AClaimIsStaleWhenItsCounterStandsStillForLongByTheObserversClock()
    {
        using var dead = Board("a").TryNext()!;
        var (board, clock) = BoardWithClock("a");
        Assert.Null(board.TryNext());
        clock.Pass(Stale - 0.1);
        Assert.Null(Next(board));
        clock.Pass(0.2);
        using var taken = Next(board);
        Assert.Equal("a.2", taken!.Name.ToString());

        // Nothing was deleted.
        Assert.True(_server.IsThere(StudyPart.Claims, "a.1"));
    }

    [Fact]
    public void ACounterThatGoesOnKeepsTheClaim()
    {
        using var alive = Board("a").TryNext()!;
        var (board, clock) = BoardWithClock("a");
        Assert.False(board.OthersLive);
        for (var i = 0; i < 10; i++)
        {
            clock.Pass(Stale * 0.9);
            alive.Beat();
            Assert.Null(Next(board));
        }

        Assert.True(board.OthersLive);
    }

    /// <summary>An observer that is asked for the first time in a day has seen no standstill yet.</summary>
    [Fact]
    public void WhoComesLateWaitsItsOwnTime()
    {
        using var dead = Board("a").TryNext()!;
        var clock = new OwnClock();
        clock.Pass(86400);
        var board = new ClaimBoard(_server, ["a"], TimeSpan.FromSeconds(Stale), clock);
        Assert.Null(Next(board));
        clock.Pass(1);
        Assert.Null(Next(board));
        clock.Pass(1);
        using var taken = Next(board);
        Assert.NotNull(taken);
    }

    [Fact]
    public void OfTwoWhoTakeOverOneHasIt()
    {
        using var dead = Board("a").TryNext()!;
        var (first, clock) = BoardWithClock("a");
        var second = new ClaimBoard(_server, ["a"], TimeSpan.FromSeconds(Stale), clock);
        second.Look();
        clock.Pass(Stale);
        first.Look();
        second.Look();
        using var taken = first.TryNext();
        Assert.Equal(2, taken!.Name.Number);
        Assert.Null(second.TryNext());
        Assert.Null(Next(second));
    }

    [Fact]
    public void WhoWakesLateNoticesThatItWasTakenOverAndPublishesNothing()
    {
        using var late = Board("a").TryNext()!;
        _server.MakeAttempt(late.Attempt);
        var (board, clock) = BoardWithClock("a");
        clock.Pass(Stale);
        using var taken = Next(board)!;
        _server.MakeAttempt(taken.Attempt);
        Assert.NotEqual(late.Attempt, taken.Attempt);
        Assert.False(late.Lost.IsCancellationRequested);
        late.Beat();
        Assert.True(late.Lost.IsCancellationRequested);
        Assert.True(taken.Publish());
        Assert.False(late.Publish());
        Assert.Equal(1, _server.Published["a"]);
    }

    [Fact]
    public void AReleasedClaimIsFreeAtOnce()
    {
        using var stopped = Board("a").TryNext()!;
        stopped.Release();
        using var next = Board("a").TryNext();
        Assert.Equal(2, next!.Name.Number);
    }

    [Fact]
    public void AFailedRunIsLeftAloneUntilSomebodyWantsAnotherTry()
    {
        using var failed = Board("a", "b").TryNext()!;
        failed.Fail("the weights are missing");
        var (board, clock) = BoardWithClock("a", "b");
        clock.Pass(10 * Stale);
        using var other = Next(board);
        Assert.Equal(("b", 1), (other!.Name.Run, board.Failed));
        failed.Release();
        using var again = Next(board);
        Assert.Equal("a.2", again!.Name.ToString());
    }

    [Fact]
    public void AWorkerThatHasEndedItsRunBeatsNoMore()
    {
        using var claim = Board("a").TryNext()!;
        claim.Release();
        var before = _server.Read(StudyPart.Claims, "a.1");
        claim.Beat();
        Assert.Equal(before, _server.Read(StudyPart.Claims, "a.1"));
    }

    [Fact]
    public void WhatIsPublishedIsNotClaimed()
    {
        using (var claim = Board("a").TryNext()!)
        {
            _server.MakeAttempt(claim.Attempt);
            Assert.True(claim.Publish());
        }

        var (board, clock) = BoardWithClock("a");
        clock.Pass(10 * Stale);
        Assert.Null(Next(board));
        Assert.Equal((1, 0), (board.Done, board.Others));
    }

    [Fact]
    public void WhatIsPublishedLateIsNotTrainedAgain()
    {
        using var claim = Board("a").TryNext()!;
        _server.MakeAttempt(claim.Attempt);
        var clock = new OwnClock();
        var late = new FaultyFiles(_server);
        var board = new ClaimBoard(late, ["a"], TimeSpan.FromSeconds(Stale), clock);
        board.Look();
        late.IsLate = true;
        Assert.True(claim.Publish());
        clock.Pass(Stale);
        board.Look();
        Assert.Null(board.TryNext());
        Assert.Equal(1, board.Done);
    }

    [Fact]
    public void ACreationThatSucceededAndReportedAnErrorLosesNothing()
    {
        var (faulty, clock) = (new FaultyFiles(_server), new OwnClock());
        var board = new ClaimBoard(faulty, ["a"], TimeSpan.FromSeconds(Stale), clock);
        board.Look();
        faulty.CreatesAndComplains = true;
        Assert.Null(board.TryNext());
        Assert.True(_server.IsThere(StudyPart.Claims, "a.1"));
        Assert.Null(Next(board));
        clock.Pass(Stale - 0.1);
        Assert.Null(Next(board));
        clock.Pass(0.2);
        using var taken = Next(board);
        Assert.Equal(2, taken!.Name.Number);
    }

    [Fact]
    public void ListingsThatAreLateLetNobodyClaimTwice()
    {
        var late = new FaultyFiles(_server);
        var (board, other) = (new ClaimBoard(late, ["a", "b"], TimeSpan.FromSeconds(Stale), new OwnClock()), Board("a", "b"));
        board.Look();
        late.IsLate = true;
        using var first = other.TryNext()!;
        board.Look();
        using var next = board.TryNext();
        Assert.Equal("b.1", next!.Name.ToString());
        board.Look();
        Assert.Null(board.TryNext());
    }

    [Fact]
    public void WhatCannotBeReadIsNoSignOfLife()
    {
        using var alive = Board("a").TryNext()!;
        var (faulty, clock) = (new FaultyFiles(_server), new OwnClock());
        var board = new ClaimBoard(faulty, ["a"], TimeSpan.FromSeconds(Stale), clock);
        board.Look();
        faulty.HasStaleHandles = true;
        clock.Pass(Stale);
        using var taken = Next(board);
        Assert.Equal(2, taken!.Name.Number);

        // That the other lives all the same costs time and nothing else.
        alive.Beat();
        Assert.True(alive.Lost.IsCancellationRequested);
    }

    [Fact]
    public void ABeatThatDoesNotComeThroughIsNoTrouble()
    {
        var faulty = new FaultyFiles(_server);
        var board = new ClaimBoard(faulty, ["a"], TimeSpan.FromSeconds(Stale), new OwnClock());
        board.Look();
        using var claim = board.TryNext()!;
        faulty.HasStaleHandles = true;
        claim.Beat();
        faulty.HasStaleHandles = false;
        var before = _server.Read(StudyPart.Claims, "a.1");
        claim.Beat();
        Assert.NotEqual(before, _server.Read(StudyPart.Claims, "a.1"));
    }

    [Fact]
    public void WhoCanClaimNothingDoesNotWaitForOthersForEver()
    {
        var faulty = new FaultyFiles(_server) { MakesNothing = true };
        var clock = new OwnClock();
        var board = new ClaimBoard(faulty, ["a", "b", "c", "d"], TimeSpan.FromSeconds(Stale), clock);
        board.Look();
        Assert.Null(board.TryNext());
        Assert.Equal(4, board.Others);
        clock.Pass(Stale);
        board.Look();
        Assert.Contains("No locks available", Assert.Throws<RecordingException>(board.TryNext).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(".nfs0000000000a1b2c300000001")]
    [InlineData("a")]
    [InlineData("a.0")]
    [InlineData("a.-1")]
    [InlineData("a.1.other")]
    [InlineData("a.1.released.x")]
    [InlineData(".1")]
    public void NamesThatAreNoClaimsAreNone(string name) => Assert.Null(ClaimName.Read(name));

    [Fact]
    public void NamesOfClaimsAreReadAsTheyAreWritten() => Assert.All(Enum.GetValues<ClaimEnd>(), end
        => Assert.Equal(new ClaimName("0a", 12, end), ClaimName.Read(new ClaimName("0a", 12, end).ToString())));

    /// <summary>Four workers on threads, one call in ten fails, some die: every run is published exactly once.</summary>
    [Fact]
    public void WorkersThatDieOnADriveThatFailsPublishEveryRunOnce()
    {
        const int Runs = 200;
        string[] runs = [.. Enumerable.Range(0, Runs).Select(run => $"{run:x}")];
        Parallel.For(0, 4, new ParallelOptions { MaxDegreeOfParallelism = 4 }, worker =>
        {
            var chance = new Random(worker);
            var files = new FaultyFiles(_server) { AtRandom = (new Random(worker + 100), 10) };
            var clock = new OwnClock();
            var board = new ClaimBoard(files, runs, TimeSpan.FromSeconds(Stale), clock);
            for (var idle = 0; idle < 200 && board.Done < Runs; idle++)
            {
                clock.Pass(Stale / 2);
                try
                {
                    board.Look();
                }
                catch (IOException)
                {
                    continue;
                }

                while (board.TryNext() is { } claim)
                {
                    using (claim)
                    {
                        files.MakeAttempt(claim.Attempt);
                        claim.Beat();

                        // One in seven dies here, as it looks to the others, and one in seven stops in good order.
                        if (chance.Next(7) is var fate && fate == 1)
                        {
                            TryToRelease(claim);
                        }

                        var isDone = fate > 1 && (claim.Publish() || _server.IsThere(StudyPart.Runs, claim.Name.Run));
                        board.Note(claim, isDone);
                    }
                }
            }
        });
        Assert.Equal(Runs, _server.Published.Count);
        Assert.All(_server.Published.Values, times => Assert.Equal(1, times));
    }

    /// <summary>The work for a run does not grow with the number of runs: no folder is read for a single claim.</summary>
    [Theory]
    [InlineData(100)]
    [InlineData(1000)]
    public void ARunTakesAsManyCallsInALargeStudyAsInASmallOne(int count)
    {
        string[] runs = [.. Enumerable.Range(0, count).Select(run => $"{run:x}")];
        ClaimBoard[] boards = [.. Enumerable.Range(0, 4).Select(_ => Board(runs))];
        while (boards.Select(board => board.TryNext()).OfType<HeldClaim>().ToList() is { Count: > 0 } claims)
        {
            foreach (var claim in claims)
            {
                _server.MakeAttempt(claim.Attempt);
                Assert.True(claim.Publish());
                claim.Dispose();
            }
        }

        Assert.Equal(count, _server.Published.Count);
        Assert.Equal(2 * boards.Length, _server.Listings);
        Assert.InRange(_server.Calls, 3 * count, (3 + boards.Length) * count);
    }

    private static void TryToRelease(HeldClaim claim)
    {
        try
        {
            claim.Release();
        }
        catch (IOException)
        {
            // It goes stale.
        }
    }

    private static HeldClaim? Next(ClaimBoard board)
    {
        board.Look();
        return board.TryNext();
    }

    private ClaimBoard Board(params string[] runs) => BoardWithClock(runs).Board;

    private (ClaimBoard Board, OwnClock Clock) BoardWithClock(params string[] runs)
    {
        var clock = new OwnClock();
        var board = new ClaimBoard(_server, runs, TimeSpan.FromSeconds(Stale), clock);
        board.Look();
        return (board, clock);
    }
}
