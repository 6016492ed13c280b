using System.Diagnostics;

namespace FeedbackAlignment.Soak;

/// <summary>What this process holds.</summary>
/// <param name="Managed">Bytes of objects that live.</param>
/// <param name="Resident">Bytes of memory in all.</param>
/// <param name="Handles">Open files and the like.</param>
/// <param name="Threads">Threads, those of the runtime included.</param>
internal sealed record Footprint(long Managed, long Resident, int Handles, int Threads)
{
    /// <summary>
    /// How much more is still flat. The runtime compiles methods anew and keeps some threads more or less as it sees fit; a run that
    /// leaked an object of a hundred bytes, a handle or a thread would pass these bounds within some thousand runs.
    /// </summary>
    private static readonly Footprint _bounds = new(Managed: 1 << 20, Resident: 64 << 20, Handles: 8, Threads: 8);

    /// <summary>Now, after all garbage is collected.</summary>
    public static Footprint Take()
    {
        for (var i = 0; i < 2; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }

        var managed = GC.GetTotalMemory(forceFullCollection: true);
        using var here = Process.GetCurrentProcess();
        return new Footprint(managed, here.WorkingSet64, here.HandleCount, here.Threads.Count);
    }

    /// <summary>What has grown by more than its bound, each in a line.</summary>
    /// <param name="since">An earlier state.</param>
    public IEnumerable<string> Grown(Footprint since)
    {
        (string What, long More, long Bound)[] all =
        [
            ("bytes of objects", Managed - since.Managed, _bounds.Managed),
            ("bytes resident", Resident - since.Resident, _bounds.Resident),
            ("handles", Handles - since.Handles, _bounds.Handles),
            ("threads", Threads - since.Threads, _bounds.Threads),
        ];
        return all.Where(each => each.More > each.Bound).Select(each => $"{each.More} {each.What} more; at most {each.Bound} count as flat");
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Managed / 1024.0,9:0} KB of objects, {Resident / 1048576.0,6:0} MB resident, {Handles,4} handles, {Threads,4} threads";
}
