namespace FeedbackAlignment.Numerics;

/// <summary>
/// A transposed copy, one strip of the source's longer side for each thread: as products are shared, so that a thread finds what it wrote itself.
/// </summary>
internal sealed class TranspositionWork : SharedWork
{
    private Matrix _source, _target;

    public void Set(Matrix source, Matrix target) => (_source, _target) = (source, target);

    public override void Run(int part, int parts)
    {
        var all = (Rows: new Range<int>(0, _source.Rows), Columns: new Range<int>(0, _source.Columns));
        if (_source.Columns >= _source.Rows)
        {
            Transposition.Copy(_source, _target, all.Rows, Strips.Of(_source.Columns, Transposition.Band, part, parts));
        }
        else
        {
            Transposition.Copy(_source, _target, Strips.Of(_source.Rows, Transposition.Band, part, parts), all.Columns);
        }
    }
}
