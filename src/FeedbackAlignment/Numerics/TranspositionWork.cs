namespace FeedbackAlignment.Numerics;

/// <summary>A transposed copy, cut into bands of rows of the source, one for each thread.</summary>
internal sealed class TranspositionWork : SharedWork
{
    private Matrix _source, _target;

    public void Set(Matrix source, Matrix target) => (_source, _target) = (source, target);

    public override void Run(int part, int parts) => Transposition.Copy(_source, _target, Strips.Of(_source.Rows, Transposition.Band, part, parts));
}
