/* The least that a Prolog can cost: linked statically, it returns 0. */
int main(void)
{
    return 0;
}
