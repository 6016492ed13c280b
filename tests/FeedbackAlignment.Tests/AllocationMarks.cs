namespace FeedbackAlignment.Tests;

/// <summary>
/// Counts the bytes that a thread allocates between marks. A garbage collection that other tests bring about can add up to 8 KB to the
/// runtime's count of a thread that allocated nothing; it cannot do so every time, so the least of several counts is the true one.
/// </summary>
internal sealed class AllocationMarks
{
    private readonly long[] _marks = new long[6];
    private int _count;

    public long LeastBetweenTwo => _marks[1.._count].Zip(_marks, (later, earlier) => later - earlier).Min();

    /// <summary>Sets a mark; false when enough are set.</summary>
    public bool Set()
    {
        _marks[_count++] = GC.GetAllocatedBytesForCurrentThread();
        return _count < _marks.Length;
    }
}
