using System.Runtime.CompilerServices;

namespace FeedbackAlignment.Cli.Tests;

public sealed class CommandLifeTests
{
    /// <summary>
    /// An option of System.CommandLine keeps every command that it was added to: one that several commands of a process shared would keep
    /// them all, and make each slower than the one before.
    /// </summary>
    [Fact]
    public void NothingKeepsACommandThatHasEnded()
    {
        WeakReference[] ended = [.. Enumerable.Range(0, 3).Select(_ => Run())];
        for (var round = 0; round < 5 && ended.Any(command => command.IsAlive); round++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }

        Assert.DoesNotContain(ended, command => command.IsAlive);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static WeakReference Run()
    {
        using var fa = new Fa();
        var terminal = fa.Terminal();
        new FaCommand(terminal).Run(["rules"], default);

        // Every command of System.CommandLine holds it: its action writes there.
        return new WeakReference(terminal);
    }
}
