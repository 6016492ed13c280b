using FeedbackAlignment.Experiments.Distributed;
using FeedbackAlignment.Experiments.Specs;
using FeedbackAlignment.Training;

namespace FeedbackAlignment.Cli.Commands;

/// <summary>
/// Carries a command out on all processes that a launcher has started. Rank 0 prints; of the others one speaks only where it alone knows
/// what is wrong.
/// </summary>
internal static class OnRanks
{
    /// <summary>Refuses several processes where each would do the whole work.</summary>
    /// <param name="terminal">Knows the launcher.</param>
    /// <param name="command">What was to be done: <c>tune</c>.</param>
    /// <exception cref="BadInputException">A launcher has started several.</exception>
    public static void RequireAlone(Terminal terminal, string command)
    {
        if (Launcher.Of(terminal.Variable) is { } launcher)
        {
            throw new BadInputException(
                $"fa {command} does not divide its work among processes, and {launcher.Name} has started {launcher.Size}; "
                + "start one, or divide the runs with `fa study` and `fa work`");
        }
    }

    /// <summary>Carries it out.</summary>
    /// <param name="terminal">Knows the launcher.</param>
    /// <param name="patience">How long to wait for a process that does not answer.</param>
    /// <param name="work">The command, given the processes; null: there is only this one.</param>
    public static int Run(Terminal terminal, TimeSpan patience, Func<RankTeam?, int> work)
    {
        if (Launcher.Of(terminal.Variable) is not { } launcher)
        {
            return work(null);
        }

        // A machine without the library is named by one of its processes.
        terminal.IsMute = !launcher.IsFirstHere;
        var ranks = terminal.JoinRanks(launcher, patience);
        terminal.IsMute = ranks.Rank > 0;
        var team = new RankTeam(ranks);
        var isOver = true;
        try
        {
            var code = work(team);
            team.End(code);
            return code;
        }
        catch (DisagreementException)
        {
            // Every rank knows it.
            throw;
        }
        catch (Exception trouble)
        {
            var message = trouble is SpecException spec ? spec.Problems[0].ToString() : trouble.Message;
            isOver = team.GiveUp(message);
            if (isOver)
            {
                throw;
            }

            terminal.IsMute = false;
            terminal.AfterTrouble = team.Abort;
            if (team.IsFirst)
            {
                throw;
            }

            throw new RanksException($"rank {team.Rank}: {message}");
        }
        finally
        {
            if (isOver)
            {
                (ranks as IDisposable)?.Dispose();
            }
        }
    }
}
