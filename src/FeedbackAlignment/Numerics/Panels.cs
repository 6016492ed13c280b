using System.Buffers;
using System.Diagnostics;
using System.Runtime.InteropServices;

namespace FeedbackAlignment.Numerics;

/// <summary>
/// The weights of a layer in another layout, for walks over all of them by several threads: every thread walks over memory of its own,
/// from one end to the other.
/// </summary>
/// <remarks>
/// <para>
/// In lines (all that leads out of one input), each thread has a piece of every line. Processors fetch ahead: beyond the end of a piece
/// they take lines of the cache that another thread is about to write, which then have to come back. Panels are columns of a few vectors,
/// so narrow that what they add up to stays in registers; the lines of a panel lie without a gap, and what one thread works on is far
/// from what another does.
/// </para>
/// <para>
/// A walk goes over the panels in the order opposite to that of the walk before: it begins with what that one left in the second-level
/// cache.
/// </para>
/// <para>
/// The panels stand in the place of the lines, a group of lines in the place of the same group, so they take no memory of their own.
/// While they do, nobody else may read the matrix.
/// </para>
/// </remarks>
internal sealed class Panels
{
    /// <summary>
    /// Lines in a group: enough that going over to the next panel costs little, few enough for the numbers of them to have room on the
    /// stack.
    /// </summary>
    private const int FewestLines = 256, MostLines = 4096;

    /// <summary>
    /// Between the two a group may have so many floats, 16 MB: one is copied while it is rearranged, and what no cache holds need not be
    /// one group.
    /// </summary>
    private const int GroupFloats = 1 << 22;

    private readonly Matrix _lines;
    private readonly int[][] _starts;

    /// <param name="lines">inputs × outputs, row-major.</param>
    /// <param name="parts">Threads that share a walk.</param>
    public Panels(Matrix lines, int parts)
    {
        _lines = lines;
        GroupLines = Math.Clamp(GroupFloats / lines.RowStride, FewestLines, MostLines);
        _starts = [.. Enumerable.Range(0, parts).Select(part => Starts(Strips.Of(Matrix.Padded(lines.Columns), Matrix.Granule, part, parts)))];
    }

    /// <summary>Number of inputs.</summary>
    public int Lines => _lines.Rows;

    /// <summary>The most lines of a panel that lie together.</summary>
    public int GroupLines { get; }

    /// <summary>Threads that share a walk.</summary>
    public int Parts => _starts.Length;

    /// <summary>Where the panels of one thread start; the last number is where they end.</summary>
    /// <param name="part">Which thread.</param>
    public ReadOnlySpan<int> StartsOf(int part) => _starts[part];

    /// <summary>
    /// The first weight of a panel in a group of lines. The panel's next line follows after as many floats as it is wide.
    /// </summary>
    /// <param name="group">The lines.</param>
    /// <param name="start">Where the panel starts.</param>
    public ref float At(Range<int> group, int start) => ref _lines.Origin.At((nint)group.From * _lines.RowStride + (nint)start * (group.To - group.From));

    /// <summary>The lines that lie together with the given one, which is the first of them.</summary>
    /// <param name="first">The first line.</param>
    public Range<int> Group(int first) => new(first, Math.Min(first + GroupLines, Lines));

    /// <summary>Whether the weights are in panels; if not, they are in lines.</summary>
    public bool AreFolded { get; private set; }

    /// <summary>Whether the next walk begins with the last panel of each thread.</summary>
    public bool Backwards { get; private set; }

    /// <summary>Comes after a walk: the next one goes the other way.</summary>
    public void TurnRound() => Backwards = !Backwards;

    /// <summary>From lines to panels.</summary>
    public void Fold() => Rearrange(fold: true);

    /// <summary>From panels to lines.</summary>
    public void Unfold() => Rearrange(fold: false);

    private void Rearrange(bool fold)
    {
        Debug.Assert(AreFolded != fold);
        AreFolded = fold;
        var (stride, width) = (_lines.RowStride, Matrix.Padded(_lines.Columns));
        var buffer = ArrayPool<float>.Shared.Rent(GroupLines * stride);
        for (var first = 0; first < Lines; first += GroupLines)
        {
            var group = Group(first);
            var count = group.To - group.From;
            var place = MemoryMarshal.CreateSpan(ref At(group, 0), (count - 1) * stride + width);
            var copy = buffer.AsSpan(0, place.Length);
            place.CopyTo(copy);
            foreach (var starts in _starts)
            {
                for (var panel = 0; panel + 1 < starts.Length; panel++)
                {
                    var (start, length) = (starts[panel], starts[panel + 1] - starts[panel]);
                    for (var line = 0; line < count; line++)
                    {
                        var (inLines, inPanels) = (line * stride + start, start * count + line * length);
                        copy.Slice(fold ? inLines : inPanels, length).CopyTo(place[(fold ? inPanels : inLines)..]);
                    }
                }
            }
        }

        ArrayPool<float>.Shared.Return(buffer);
    }

    private static int[] Starts(Range<int> columns)
    {
        List<int> starts = [columns.From];
        while (starts[^1] < columns.To)
        {
            var next = new NextWidth(columns.To - starts[^1]);
            Lanes.Run(ref next);
            starts.Add(starts[^1] + next.Floats);
        }

        return [.. starts];
    }

    /// <summary>How wide the next panel is.</summary>
    private struct NextWidth(int left) : ILanesWork
    {
        public int Floats { get; private set; }

        public void Run<T>()
            where T : struct, ILanes<T>
            => Floats = PanelKernel<T>.Width(left);
    }
}
