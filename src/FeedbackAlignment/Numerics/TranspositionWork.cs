namespace FeedbackAlignment.Numerics;

/// <summary>
/// A transposed copy, one strip of the source's longer side for each thread: as products are shared, so that a thread finds what it wrote
/// itself.
/// </summary>
internal sealed class TranspositionWork : SharedWork
{
    private Matrix _source, _target;

    public void Set(Matrix source, Matrix target) => (_source, _target) = (source, target);

    public override void Run(int part, int parts)
    {
        var (rows, columns) = Strips.OfLongerSide(_source, part, parts);
        Transposition.Copy(_source, _target, rows, columns);
    }
}
